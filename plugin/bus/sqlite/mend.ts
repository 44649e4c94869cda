import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../../core/clock.ts";
import type { DmError } from "../../core/errors.ts";
import { privateFolder } from "../../host/folder.ts";
import type { Bus } from "../bus.ts";
import { type SetAside, setAsideDamaged } from "./damaged.ts";

// Another process that found the damage first needs so long, or the damage is none.
const othersMs = 500;

export interface Mending {
  readonly path: string;
  readonly clock: Clock;
  /** The connection that noticed it; null: none could be opened. */
  readonly bus: Bus | null;
}

/**
 * Puts a bus in order that was deleted, replaced or damaged.
 *
 * @returns what happened, for model and person, "" if another process did it; null: nothing can be done.
 * @throws DmError as opening a bus does.
 */
export async function mend({ code }: DmError, { path, clock, bus }: Mending): Promise<string | null> {
  if (code === "bus_moved" && bus !== null) {
    privateFolder(dirname(path));
    const { waiting } = await bus.bringOver();
    const mail = waiting === 0 ? "No unread mail was lost" : `${unread(waiting)} came along`;
    return `cc-dm: ${path} was deleted or replaced while sessions were using it. This session goes on with the new one. ${mail}; what had been read may be gone.`;
  }
  if (code !== "bus_broken") return null;
  if (statSync(path, { throwIfNoEntry: false })?.size === 0)
    return `cc-dm: ${path} was emptied by another program. This session goes on with a new one; what had not been read is lost: ask whoever should have answered.`;
  const aside = await setAsideDamaged(path, clock);
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
