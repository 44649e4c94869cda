import { type Errand, type ErrandBus, errandMark, errandWord } from "../bus/errand.ts";
import { DmError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { ProcessMark, SessionId } from "../core/model.ts";
import { type Answer, failure } from "../tools/call.ts";

/** What a shell command may do in a session's name: nothing that its person is asked about. */
const allowed: readonly string[] = ["dm", "reply", "broadcast", "inbox", "who", "history"];

export interface ErrandParts {
  readonly bus: ErrandBus;
  /** Answers to what was done already and that could not be written: another program held the bus. Kept between runs, or it would be done twice. */
  readonly unwritten: Map<string, string>;
  readonly session: SessionId;
  readonly log: Log;
  /** Whether a process runs below this session's client, and was started for that errand: with these as its last words. */
  readonly isBelow: (asker: ProcessMark, words: readonly string[]) => boolean;
  readonly call: (tool: string, args: unknown) => Promise<Answer>;
}

/**
 * Does what commands inside this client ask to be done in its session's name. The row can be written by
 * any program of this user, the asking process's ancestors and command line cannot: who is not below
 * this very client gets an error and nothing else.
 */
export async function runErrands(parts: ErrandParts): Promise<void> {
  const { bus, session, unwritten } = parts;
  const open = await bus.errands(session);
  for (const id of unwritten.keys()) if (!open.some((one) => one.id === id)) unwritten.delete(id);
  for (const errand of open) {
    const answer = unwritten.get(errand.id) ?? (await answerTo(parts, errand));
    unwritten.set(errand.id, answer);
    await bus.fulfil(errand.id, answer);
    unwritten.delete(errand.id);
  }
}

async function answerTo(parts: ErrandParts, errand: Errand): Promise<string> {
  const { result, shown } = await run(parts, errand);
  const ok = result.isError !== true;
  parts.log("errand", { tool: errand.tool.slice(0, 32), pid: errand.asker.pid, ok });
  return JSON.stringify({ ...result, shown });
}

async function run({ isBelow, call }: ErrandParts, errand: Errand): Promise<Answer> {
  const { asker, tool } = errand;
  if (!isBelow(asker, [errandWord, errandMark(errand)]))
    return failure(
      new DmError("not_below", "Only a program that runs inside a client speaks as its session."),
      null,
    );
  if (!allowed.includes(tool))
    return failure(
      new DmError("unknown_tool", `A command does not do that for a session: ${tool.slice(0, 32)}.`),
      null,
    );
  try {
    return await call(tool, JSON.parse(errand.arguments));
  } catch (error) {
    return failure(error, null);
  }
}
