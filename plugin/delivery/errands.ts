import type { Bus } from "../bus/bus.ts";
import { type Errand, errandMark } from "../bus/errand.ts";
import { DmError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { ProcessMark, SessionId } from "../core/model.ts";
import { type Answer, failure } from "../tools/call.ts";

/** What a shell command may do in a session's name: nothing that its person is asked about. */
const allowed: readonly string[] = ["dm", "reply", "broadcast", "inbox", "who", "history"];

export interface ErrandParts {
  readonly bus: Bus;
  readonly session: SessionId;
  readonly log: Log;
  /** Whether a process runs below this session's client, and was started with that word. */
  readonly isBelow: (asker: ProcessMark, mark: string) => boolean;
  readonly call: (tool: string, args: unknown) => Promise<Answer>;
}

/**
 * Does what commands inside this client ask to be done in its session's name. The row can be written by
 * any program of this user, the asking process's ancestors and command line cannot: who is not below
 * this very client gets an error and nothing else.
 */
export async function runErrands(parts: ErrandParts): Promise<void> {
  const { bus, session, log } = parts;
  for (const errand of await bus.errands(session)) {
    const { result, shown } = await run(parts, errand);
    log("errand", { tool: errand.tool.slice(0, 32), pid: errand.asker.pid, ok: result.isError !== true });
    await bus.fulfil(errand.id, JSON.stringify({ ...result, shown }));
  }
}

async function run({ isBelow, call }: ErrandParts, errand: Errand): Promise<Answer> {
  const { asker, tool } = errand;
  if (!isBelow(asker, errandMark(errand)))
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
