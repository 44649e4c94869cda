import { DmError, isDmError } from "../core/errors.ts";
import type { Identity } from "../core/model.ts";
import { diagnosis } from "./doctor.ts";
import { tools } from "./index.ts";
import type { Bench, Examine, Tool } from "./tool.ts";

export interface Answer {
  readonly result: {
    readonly content: { readonly type: "text"; readonly text: string }[];
    readonly structuredContent: Record<string, unknown>;
    readonly isError?: true;
  };
  readonly shown: readonly string[];
}

/**
 * Runs a tool and puts what came of it, good or bad, into one form: one JSON text, with `you`, so
 * that a model knows its own identity even after compaction.
 */
export async function callTool(bench: Bench, name: string, args: unknown): Promise<Answer> {
  try {
    const found = tools.find((candidate) => candidate.name === name);
    if (found === undefined) {
      throw new DmError("unknown_tool", `There is no tool "${name.slice(0, 64)}".`, {
        candidates: tools.map((tool) => tool.name),
      });
    }
    const { result, shown = [] } = await found.run(bench, parse(found, args));
    const unread = found.name === "inbox" || bench.pushes() ? null : await unreadLine(bench);
    const news = bench.tidings();
    const more = { ...(unread === null ? {} : { unread }), ...(news === null ? {} : { news }) };
    return answer({ ...result, you: you(bench), ...more }, shown);
  } catch (error) {
    return failure(error, you(bench));
  }
}

/** The one tool that is of use, and then most of all, where the bus could not be opened. */
export async function callDoctor(examine: Examine): Promise<Answer> {
  try {
    return answer({ ...diagnosis(await examine()), you: null }, []);
  } catch (error) {
    return failure(error, null);
  }
}

/** @param you null where the session never got an identity. */
export function failure(error: unknown, you: Identity | null): Answer {
  // What nobody foresaw is said as it is; the session goes on.
  const { code, message, candidates } = isDmError(error)
    ? error
    : new DmError("internal", `cc-dm failed: ${String(error)}`);
  const { result } = answer(
    { error: { code, message, ...(candidates === undefined ? {} : { candidates }) }, you },
    [],
  );
  return { result: { ...result, isError: true }, shown: [] };
}

/** Whether a call came to nothing because the bus was deleted under it: it may be made again. */
export function foundBusMoved({ result }: Answer): boolean {
  const { error } = result.structuredContent as { readonly error?: { readonly code?: string } };
  return result.isError === true && error?.code === "bus_moved";
}

function answer(body: Record<string, unknown>, shown: readonly string[]): Answer {
  return {
    result: { content: [{ type: "text", text: JSON.stringify(body) }], structuredContent: body },
    shown,
  };
}

function you({ desk }: Bench): Identity {
  const { name, role, project } = desk.self();
  return { name, role, project };
}

function parse(tool: Tool, args: unknown): unknown {
  const parsed = tool.schema.safeParse(args ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `${issue.path.length > 0 ? `${issue.path.join(".")}: ` : ""}${issue.message}`,
  );
  throw new DmError(
    "invalid_arguments",
    `${tool.name}: ${faults.join("; ")}. It takes ${Object.keys(tool.schema.shape).join(", ") || "nothing"}.`,
  );
}

/** What was asked for is done by now: that this cannot be told is no reason to say that it failed, and to do it again. */
async function unreadLine({ desk }: Bench): Promise<string | null> {
  const unread = await desk.parts.bus.unread(desk.self()).catch(() => 0);
  return unread === 0 ? null : `${unread} unread; call inbox`;
}
