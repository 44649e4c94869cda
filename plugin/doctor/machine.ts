import { lasted, size, someOf } from "../core/counts.ts";
import { fault, note, ok, warning } from "../core/finding.ts";
import type { Check } from "./facts.ts";
import { atLeast } from "./words.ts";

const megabyte = 1e6;

const bun: Check = ({ bun: { onPath, running } }) => {
  const id = "machine.bun";
  const get =
    "Install Bun 1.4 or newer where the client finds it (npm i -g bun, or https://bun.sh), and start the client from a new terminal.";
  if (onPath === null)
    return [
      fault(
        id,
        `There is no Bun on the PATH (this runs by ${running.path}). The client starts cc-dm's server and hooks as "bun".`,
        get,
      ),
    ];
  const { path, version } = onPath;
  if (version === null) return [fault(id, `"${path} --version" does not work.`, get)];
  if (!atLeast(version, [1, 4, 0]))
    return [fault(id, `Bun ${version} (${path}) is too old: 1.4 is needed.`, "bun upgrade")];
  return [ok(id, `Bun ${version}, ${path}`)];
};

const name: Check = ({ namesakes: { programs, lines } }) => {
  const id = "machine.name";
  const found = [
    ...programs.map((path) =>
      warning(
        id,
        `Another program is called cc-dm: ${path}`,
        "Remove or rename it, or call cc-dm by its path.",
      ),
    ),
    ...lines.map(({ file, line, text }) =>
      warning(
        id,
        `Your shell gives the name cc-dm another meaning: ${file}:${line}: ${text.slice(0, 80)}`,
        "Remove that line and open a new terminal. It may start an older plugin of this kind.",
      ),
    ),
  ];
  return found.length > 0 ? found : [ok(id, "Nothing else is called cc-dm")];
};

const disk: Check = ({ disk: { space }, home }) => {
  const id = "machine.disk";
  if (space === null) return [note(id, "This system does not tell how much room the disk has")];
  const where = home?.folder ?? "your home";
  const mend = "Free some space; until then messages are refused with bus_full.";
  if (space.freeFiles !== null && space.freeFiles < 100)
    return [fault(id, `The disk that holds ${where} can hold no more files`, mend)];
  const found = `${size(space.freeBytes)} free of ${size(space.wholeBytes)} for ${where}`;
  if (space.freeBytes < 10 * megabyte) return [fault(id, found, mend)];
  return space.freeBytes < 200 * megabyte ? [warning(id, found, mend)] : [ok(id, found)];
};

// A step that a time server makes is smaller.
const stepMs = 2_000;
const jumpMs = 60_000;

/** The wall clock against the time since boot, as sessions noted both at their heartbeats. */
const clock: Check = ({ now, sessions, bus }) => {
  const id = "machine.clock";
  const jumps = sessions
    .map(({ session }) => session)
    .filter((session) => session.place.boot === now.boot && now.boot !== "?")
    .map((session) => ({ name: session.name, by: now.at - now.up - (session.beatAt - session.beatUp) }))
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by));
  const found = [];
  const [largest] = jumps;
  if (largest !== undefined && Math.abs(largest.by) > stepMs) {
    const text = `The clock was set ${largest.by > 0 ? "forward" : "back"} by ${lasted(largest.by)} since the last heartbeat of "${largest.name}"`;
    const mend = "Check date and time. Nothing expires early by it; times shown may be wrong.";
    found.push(Math.abs(largest.by) > jumpMs ? warning(id, text, mend) : note(id, text, mend));
  }
  if (bus.state === "read" && bus.exam.ahead.count > 0) {
    const { count, newest } = bus.exam.ahead;
    const text = `${count} of the messages were sent later than now, up to ${lasted(newest - now.at)}`;
    found.push(
      warning(id, text, "The clock was ahead when they were sent, or is behind now: check date and time."),
    );
  }
  return found.length > 0 ? found : [ok(id, "Wall clock and uptime agree")];
};

const strays: Check = ({ strays: names }) =>
  names.length === 0
    ? []
    : [
        warning(
          "machine.environment",
          `No setting is called ${someOf(names)}`,
          "Correct the name (cc-dm doctor lists all settings) or unset it.",
        ),
      ];

export const machine: readonly Check[] = [bun, name, disk, clock, strays];
