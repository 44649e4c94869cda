import { lasted, many, size, someOf } from "../core/counts.ts";
import { type Finding, fault, note, ok, warning } from "../core/finding.ts";
import type { Check } from "./facts.ts";

const megabyte = 1e6;

const file: Check = ({ bus, home }) => {
  const id = "bus.file";
  switch (bus.state) {
    case "missing":
      return home === null ? [] : [note(id, `${home.bus} is not there yet; the first session makes it`)];
    case "newer":
      return [
        fault(
          "bus.schema",
          bus.why,
          "claude plugin update cc-dm@cc-dm-marketplace, then restart the session.",
        ),
      ];
    case "busy":
      return [fault("bus.lock", bus.why, "Find the program that has the file open (lsof), and end it.")];
    case "broken":
    case "unreadable":
      return [fault(id, bus.why, mended(home?.bus ?? ""))];
    case "read": {
      const { damage, schema, known } = bus.exam;
      const found = [
        damage === null
          ? ok(id, `${home?.bus} can be read`)
          : fault(id, `${home?.bus} is damaged: ${damage}`, mended(home?.bus ?? "")),
      ];
      if (schema < known)
        found.push(note("bus.schema", `Schema ${schema}; the next session brings it to ${known}`));
      else if (schema > known)
        found.push(
          note(
            "bus.schema",
            `Schema ${schema}, of a newer cc-dm; this one knows ${known}, and they work together`,
            "Restart what runs the older version when convenient (/exit, then claude --continue).",
          ),
        );
      else found.push(ok("bus.schema", `Schema ${schema}, the newest this cc-dm knows`));
      return found;
    }
  }
};

function mended(path: string): string {
  return `The next session that uses it moves ${path} aside, goes on with a new one and brings along what can be read. If only rights are wrong, mend those.`;
}

const lock: Check = ({ writer }) =>
  writer === null
    ? []
    : [
        warning(
          "bus.lock",
          `Process ${writer.pid} (${writer.program}) holds the write lock and does not let go; a write takes less than a millisecond`,
          "If it is stopped, let it go on (kill -CONT); if it is no cc-dm session, end what it does with the file.",
        ),
      ];

const log: Check = ({ entries, home }) => {
  const wal = entries.find((entry) => home !== null && entry.path === `${home.bus}-wal`);
  if (wal === undefined || wal.bytes < 100 * megabyte) return [];
  return [
    note(
      "bus.log",
      `The bus's log has grown to ${size(wal.bytes)}: some program kept an old view of it open`,
      "If it goes on growing, end the program that reads bus.db for so long (lsof tells which). It shrinks when all sessions have ended.",
    ),
  ];
};

const room: Check = ({ bus, settings }) => {
  if (bus.state !== "read" || "wrong" in settings) return [];
  const most = settings.config.values.CC_DM_MAX_BUS_MB * megabyte;
  if (bus.exam.bytes < 0.8 * most) return [];
  const found = `The bus holds ${size(bus.exam.bytes)}; above ${size(most)} (CC_DM_MAX_BUS_MB)`;
  const way = "cc-dm prune deletes what was read; cc-dm log tells who writes so much.";
  return [
    bus.exam.bytes > most
      ? fault("bus.room", `${found} sends are refused`, way)
      : warning("bus.room", `${found} sends will be refused`, way),
  ];
};

/** One session at a time tells senders of mail that expired. */
const lease: Check = ({ bus, now, sessions }) => {
  if (bus.state !== "read" || bus.exam.lease === null) return [];
  const { until, holder } = bus.exam.lease;
  const here = sessions.some(({ session, standing }) => session.id === holder && standing !== "gone");
  const left = Math.max(until.at - now.at, until.boot === now.boot ? until.up - now.up : 0);
  if (here || left <= 60_000) return [];
  return [
    warning(
      "bus.lease",
      `A session that is gone keeps the sweeping for another ${lasted(left)}: until then nobody hears of expired mail`,
      "The clock was set back since. Check date and time; it mends itself after that.",
    ),
  ];
};

const older: Check = ({ bus }) => {
  const id = "bus.older_plugin";
  if (bus.state !== "read") return [];
  if (bus.exam.older.length === 0) return [ok(id, "No session of an older plugin uses this file")];
  return [
    warning(
      id,
      `Sessions of an older plugin of this kind run on the same file: ${someOf(bus.exam.older)}. They and cc-dm cannot hear each other`,
      "Update or restart them, and uninstall that plugin.",
    ),
  ];
};

const forged: Check = ({ bus }) => {
  const id = "bus.forged";
  if (bus.state !== "read") return [];
  if (bus.exam.quarantined.length === 0) return [ok(id, "No row was written past cc-dm")];
  return bus.exam.quarantined.map(
    ({ name, count }): Finding =>
      warning(
        id,
        `${many(count, "row")} for "${name}" failed the signature or rule check and ${count === 1 ? "was" : "were"} not shown: something wrote to the bus past cc-dm`,
        "Find out which program opens bus.db. The rows go with the history.",
      ),
  );
};

export const busChecks: readonly Check[] = [file, lock, log, room, lease, older, forged];
