import { basename } from "node:path";
import type { Bus } from "../bus/bus.ts";
import type { Env } from "../core/home.ts";
import type { Place, Session } from "../core/model.ts";
import {
  belongsToItsTerminal,
  hasTerminal,
  type Kin,
  lineage,
  seesAllProcesses,
  startedWith,
} from "../host/lineage.ts";
import { sharesPids } from "../host/place.ts";
import { commandLine, executableOf, markOf } from "../host/process.ts";
import { clientProgram } from "../host/programs.ts";

/** In whose name a process speaks. */
export type Voice =
  /** No client is above it. Typed: it belongs to a terminal that it can answer to; else a script runs it. */
  | { readonly kind: "person"; readonly typed: boolean }
  /** The client of this session is the nearest one above it. */
  | { readonly kind: "session"; readonly session: Session }
  /** A client that is on no bus, or it cannot be told. */
  | { readonly kind: "nobody"; readonly why: string };

export interface Listening {
  readonly bus: Bus;
  readonly place: Place;
  readonly env: Env;
  /** The process that speaks. */
  readonly pid: number;
}

/**
 * Who speaks, by the processes above: nothing that a program can set for itself counts, but that several
 * servers of one client are told apart by the client's session id. A program that has cut itself loose
 * from its client cannot be told from a script of the person (SECURITY.md).
 */
export async function voiceOf({ bus, place, env, pid }: Listening): Promise<Voice> {
  const kin = lineageNow(pid);
  if (kin === null) {
    if (process.platform === "win32" && env.CLAUDECODE === undefined) return { kind: "person", typed: false };
    return { kind: "nobody", why: "this system does not tell which programs started it" };
  }
  const hidden = await hiddenFrom(bus, place);
  if (hidden !== null) return { kind: "nobody", why: hidden };
  let trace: string | null = null;
  for (const one of kin.slice(1)) {
    const session = await bus.servedBy(markOf(one.pid), env.CLAUDE_CODE_SESSION_ID ?? null, place);
    if (session !== null) return { kind: "session", session };
    const why = await clientAt(bus, place, one);
    if (why !== null) return { kind: "nobody", why: `${why}, which has no session on the bus now` };
    trace ??= traceAt(one); // a shell between: the client itself stands further up
  }
  if (trace !== null) return { kind: "nobody", why: trace };
  return { kind: "person", typed: hasTerminal() && belongsToItsTerminal(kin) };
}

/** A process above may end during the look, and another be its heir. */
function lineageNow(pid: number): readonly Kin[] | null {
  return lineage(pid) ?? lineage(pid) ?? lineage(pid);
}

/** A namespace of its own hides the client that a process was started by. Null: nothing is hidden. */
async function hiddenFrom(bus: Bus, place: Place): Promise<string | null> {
  if (seesAllProcesses()) return null;
  const elsewhere = (await bus.roster()).find(
    (other) => other.place.boot === place.boot && !sharesPids(other.place, place),
  );
  return elsewhere === undefined
    ? null
    : `it runs in a container or sandbox from which the client of "${elsewhere.name}" cannot be seen`;
}

/** Why this process is, or was, a client; null: it is none. */
async function clientAt(bus: Bus, place: Place, kin: Kin): Promise<string | null> {
  // Sessions that are closed count too: their client may live on.
  const session = await bus.predecessor({ clientSession: null, client: markOf(kin.pid), place });
  return session === null ? programAt(kin) : startedBy(session);
}

export function startedBy({ name, client }: Session): string {
  return `it was started by the client of "${name}" (pid ${client.pid})`;
}

/** The client above a process, where there may be no bus to ask; null: none, or this system does not tell. */
export function clientAbove(pid: number): string | null {
  const found = (lineageNow(pid) ?? []).slice(1).map((one) => programAt(one) ?? traceAt(one));
  return found.find((one) => one !== null) ?? null;
}

function programAt({ pid }: Kin): string | null {
  const program = clientProgram(executableOf(pid), withoutOptions(commandLine(pid)));
  if (program !== null) return `it was started by Claude Code (pid ${pid}, ${basename(program)})`;
  return null;
}

/** What a client leaves in the environment of all that it starts, and that stays when the client is gone. */
function traceAt({ pid }: Kin): string | null {
  return startedWith(pid, "CLAUDECODE=1") ? `process ${pid} above it was started by Claude Code` : null;
}

/** The script of an interpreter that was given options: `node --no-warnings …/claude`. */
function withoutOptions(words: readonly string[]): readonly string[] {
  return words.filter((word, i) => i === 0 || !word.startsWith("-"));
}
