import { basename } from "node:path";
import type { Bus } from "../bus/bus.ts";
import type { Place } from "../core/model.ts";
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

/** As in sysexits(3), EX_NOPERM. */
export const refusedExit = 77;

export interface Asking {
  readonly bus: Bus;
  readonly place: Place;
  /** The process that wants to speak for the person. */
  readonly pid: number;
  /** Its stdin is a terminal. */
  readonly keyboard: boolean;
}

/**
 * Why this process is not taken for the person at a terminal, or null. A session's shell must not
 * approve for its user, whatever it does to its environment: so nothing here is read from the own
 * environment, and what cannot be seen counts against it. A program that runs as this user can still
 * type into a terminal of theirs, or sign with their key (SECURITY.md).
 */
export async function doubt({ bus, place, pid, keyboard }: Asking): Promise<string | null> {
  if (!keyboard) return "its input is no terminal";
  if (!hasTerminal()) return "it has no terminal to answer to";
  const kin = lineage(pid);
  if (kin === null) return "this system does not tell which programs started it";
  const hidden = await hiddenFrom(bus, place);
  if (hidden !== null) return hidden;
  for (const one of kin.slice(1)) {
    const found = await clientAt(bus, place, one);
    if (found !== null) return found;
  }
  if (!belongsToItsTerminal(kin)) return "the program that started it has cut it loose";
  return null;
}

/** A namespace of its own hides the client that a process was started by. */
async function hiddenFrom(bus: Bus, place: Place): Promise<string | null> {
  if (seesAllProcesses()) return null;
  const elsewhere = (await bus.roster()).find(
    (other) => other.place.boot === place.boot && !sharesPids(other.place, place),
  );
  return elsewhere === undefined
    ? null
    : `it runs in a container or sandbox from which the client of "${elsewhere.name}" cannot be seen`;
}

async function clientAt(bus: Bus, place: Place, { pid }: Kin): Promise<string | null> {
  // Sessions that are closed count too: their client may live on.
  const session = await bus.predecessor({ clientSession: null, client: markOf(pid), place });
  if (session !== null) return `it was started by the client of "${session.name}" (pid ${pid})`;
  const program = clientProgram(executableOf(pid), withoutOptions(commandLine(pid)));
  if (program !== null) return `it was started by Claude Code (pid ${pid}, ${basename(program)})`;
  if (startedWith(pid, "CLAUDECODE=1")) return `process ${pid} above it was started by Claude Code`;
  return null;
}

/** The script of an interpreter that was given options: `node --no-warnings …/claude`. */
function withoutOptions(words: readonly string[]): readonly string[] {
  return words.filter((word, i) => i === 0 || !word.startsWith("-"));
}
