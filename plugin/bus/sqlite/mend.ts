import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../../core/clock.ts";
import type { DmError } from "../../core/errors.ts";
import type { UpMs } from "../../core/model.ts";
import { privateFolder } from "../../host/folder.ts";
import type { Bus } from "../bus.ts";
import { type SetAside, setAsideDamaged } from "./damaged.ts";
import { markOf } from "./pin.ts";

// Another process that found the damage first needs so long, or the damage is none.
const othersMs = 500;
// Three reports of one file, none older than this, and it is damaged, though no look finds it: without
// that, a session would begin anew for ever, and its mail again each time.
const mostReports = 3;
const reportsMs = 60_000;

/**
 * Puts a bus in order that was deleted, replaced or damaged.
 *
 * @param bus the connection that noticed it; null: none could be opened.
 * @returns what happened, for model and person, "" if another process did it; null: nothing can be done.
 * @throws DmError as opening a bus does.
 */
export type Mend = (error: DmError, bus: Bus | null) => Promise<string | null>;

export function mender(path: string, clock: Clock): Mend {
  let reports: readonly { readonly mark: string | null; readonly up: UpMs }[] = [];

  /** The mark of the file, if it was reported so often that no look at it is believed any more. */
  function sureOf(mark: string | null): string | null {
    const up = clock.up();
    reports = [...reports, { mark, up }].filter((one) => one.mark === mark && up - one.up < reportsMs);
    return reports.length < mostReports ? null : mark;
  }

  return (error, bus) => mend(error, { path, clock, bus, sureOf });
}

interface Mending {
  readonly path: string;
  readonly clock: Clock;
  readonly bus: Bus | null;
  readonly sureOf: (mark: string | null) => string | null;
}

async function mend({ code }: DmError, { path, clock, bus, sureOf }: Mending): Promise<string | null> {
  if (code === "bus_moved" && bus !== null) {
    privateFolder(dirname(path));
    const { waiting } = await bus.bringOver();
    const mail = waiting === 0 ? "No unread mail was lost" : `${unread(waiting)} came along`;
    return `cc-dm: ${path} was deleted or replaced while sessions were using it. This session goes on with the new one. ${mail}; what had been read may be gone.`;
  }
  if (code !== "bus_broken") return null;
  if (statSync(path, { throwIfNoEntry: false })?.size === 0)
    return `cc-dm: ${path} was emptied by another program. This session goes on with a new one; what had not been read is lost: ask whoever should have answered.`;
  const aside = await setAsideDamaged(path, clock, sureOf(markOf(path)));
  if (aside === null) {
    await clock.sleep(othersMs);
    return "";
  }
  return asideWords(path, aside);
}

/** For model and person. */
export function asideWords(path: string, { messages, waiting, unsure, path: where }: SetAside): string {
  const again =
    unsure === 0 ? "" : ` Of ${unsure} of them it is not known whether they had been read; they come again.`;
  return `cc-dm: ${path} was damaged. It lies in ${where} now, as it was, and a new one is in its place: ${messages} message${messages === 1 ? "" : "s"} could be read and came along, ${unread(waiting)} among them.${again} What was sent shortly before may be missing; ask whoever should have answered.`;
}

function unread(count: number): string {
  return `${count} unread message${count === 1 ? "" : "s"}`;
}
