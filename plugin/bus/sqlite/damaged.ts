import { Database } from "bun:sqlite";
import { closeSync, openSync, renameSync } from "node:fs";
import { type Clock, iso } from "../../core/clock.ts";
import { isDmError } from "../../core/errors.ts";
import { type Carried, carry } from "./carry.ts";
import { explain } from "./errors.ts";
import { hold } from "./hold.ts";
import { mendingOf, openDatabase } from "./open.ts";
import { transact } from "./write.ts";

/** What became of a bus file that cannot be used. */
export interface SetAside extends Carried {
  /** Where it lies now, as it was. */
  readonly path: string;
}

const patienceMs = 10_000;

/**
 * Puts a damaged bus aside, makes a new one in its place and brings over what can still be read. One
 * process of many does it: the others find the file in order, or gone, and join the new one.
 *
 * @returns null if somebody else did it, or is at it, or there is no damage after all.
 * @throws DmError as opening a bus does.
 */
export async function setAsideDamaged(path: string, clock: Clock): Promise<SetAside | null> {
  const release = hold(mendingOf(path));
  if (release === null) return null;
  try {
    if (!isDamaged(path)) return null;
    const aside = freeName(path, clock);
    // The log first: without its file it is nothing, with another file it would be taken for that one's.
    for (const tail of ["-wal", "-shm", ""]) moveIfThere(`${path}${tail}`, `${aside}${tail}`);
    const into = await openDatabase(path, clock, patienceMs);
    try {
      const from = new Database(aside, { readwrite: true });
      try {
        return { path: aside, ...transact(into, () => carry(from, into, clock, "all")) };
      } finally {
        from.close();
      }
    } catch (error) {
      if (isDmError(explain(error, aside))) return { path: aside, messages: 0, waiting: 0, damaged: true };
      throw error;
    } finally {
      into.close();
    }
  } finally {
    release();
  }
}

function isDamaged(path: string): boolean {
  try {
    const db = new Database(path, { readwrite: true });
    try {
      const found = db.query<{ quick_check: string }, []>("pragma quick_check(1)").get()?.quick_check;
      return found !== undefined && found !== "ok";
    } finally {
      db.close();
    }
  } catch (error) {
    const known = explain(error, path);
    return isDmError(known) && known.code === "bus_broken";
  }
}

function freeName(path: string, clock: Clock): string {
  const moment = iso(clock.now()).slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  for (let n = 1; ; n++) {
    const name = `${path.replace(/\.db$/, "")}-damaged-${moment}${n === 1 ? "" : `-${n}`}.db`;
    try {
      closeSync(openSync(name, "wx", 0o600));
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
