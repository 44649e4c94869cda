import { constants, Database } from "bun:sqlite";
import { closeSync, existsSync, lstatSync, openSync, unlinkSync } from "node:fs";
import { isBusy } from "./errors.ts";

// Whoever looks whether it is held has it for less than that.
const lookMs = 100;

/**
 * Takes a lock that does not need the bus: an empty file, locked as SQLite locks a database, so the system
 * lets go of it when its holder is killed. (A file that names its holder has to be judged, and two may
 * judge at once that it is nobody's.)
 *
 * @returns a function that lets go; null: it is held, by this very process perhaps.
 */
export function hold(path: string): (() => void) | null {
  for (;;) {
    make(path);
    const db = open(path);
    if (db === null) continue;
    try {
      db.run(`pragma busy_timeout = ${lookMs}`);
      db.run("pragma journal_mode = memory"); // else a journal would lie beside it
      db.run("begin exclusive");
    } catch (error) {
      db.close();
      if (isBusy(error)) return null;
      throw error;
    }
    if (!hasMoved(db))
      return () => {
        remove(path); // while it is ours: nobody else's is ever removed
        db.close();
      };
    db.close();
  }
}

/** Whether somebody holds it. */
export function isHeld(path: string): boolean {
  if (!existsSync(path)) return false; // nearly always
  let db: Database | null = null;
  try {
    db = open(path);
    db?.run("select 1 from sqlite_master");
    return false;
  } catch (error) {
    return isBusy(error);
  } finally {
    db?.close();
  }
}

/** Never opened by our own hand once it is there: to close it would end every lock of this process on it. */
function make(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Null if it is not there: whoever held it let go of it, and so removed it. */
function open(path: string): Database | null {
  for (let tries = 1; ; tries++) {
    try {
      return new Database(path, { readwrite: true });
    } catch (error) {
      // A link that leads nowhere is there as well.
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
      if (tries === 10) throw error; // it was not just removed, and made by the next one before we looked
    }
  }
}

/** Whether what was opened is at its path no more: a lock on it keeps nobody out. */
export function hasMoved(db: Database): boolean {
  const answer = new Int32Array(2);
  db.fileControl(constants.SQLITE_FCNTL_HAS_MOVED, answer);
  return answer[0] === 1;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {} // its folder is gone
}
