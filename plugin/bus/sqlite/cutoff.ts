import { Database } from "bun:sqlite";
import { copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import { carry } from "./carry.ts";
import { copyName } from "./damaged.ts";
import { hasMoved, hold } from "./hold.ts";
import { mendingOf, openMended } from "./open.ts";
import { markOf } from "./pin.ts";
import type { Store } from "./store.ts";
import { patiently, transact, whileLocked } from "./write.ts";

const patienceMs = 10_000;

/**
 * Remembers which log was opened with a bus. SQLite itself removes it with its last user only, so as long as we
 * have it open another one in its place means that somebody deleted it: we go on with ours, newcomers do not
 * see what stands in it, and both write into one file. (Two `stat`, 4 µs.)
 *
 * @returns a function that tells whether that has happened.
 */
export function logPin(path: string): () => boolean {
  const opened = marksOf(path);
  return () => opened !== null && marksOf(path) !== opened;
}

function marksOf(path: string): string | null {
  // Its index too: with another one, newcomers write over our frames in the same log.
  const marks = ["-wal", "-shm"].map((tail) => markOf(`${path}${tail}`));
  return marks.includes(null) ? null : marks.join(" ");
}

/**
 * Brings together sessions that the deleted log has cut off and those that came since: a new file takes the
 * place of the old one, with all that stands in our log and what is unread in theirs. Everybody finds then that
 * the bus moved. The old file is kept, as a damaged one is: it may have pages of both logs.
 */
export async function rejoin({ db, clock }: Store): Promise<void> {
  const path = db.filename;
  const release = hold(mendingOf(path));
  if (release === null) return; // others were cut off as well
  try {
    if (hasMoved(db)) return; // one of them was faster
    const fresh = `${path}.new`;
    remove(fresh); // of one who was killed at it
    const into = await openMended(fresh, clock, patienceMs);
    try {
      await patiently(clock, patienceMs, path, () =>
        whileLocked(db, () => {
          transact(into, () => carry(db, into, clock, "all"));
          const copy = copyName(path, clock);
          try {
            bringFromNewcomers({ path, copy, into, clock });
            into.run("pragma wal_checkpoint(truncate)");
            into.close();
            for (const tail of ["-wal", "-shm"]) rmSync(`${path}${tail}`, { force: true });
            renameSync(fresh, path);
          } catch (error) {
            remove(copy); // the next heartbeat makes another: on a full disk they would take all that is freed
            throw error;
          }
        }),
      );
    } finally {
      into.close();
      remove(fresh);
    }
  } finally {
    release();
  }
}

interface Bringing {
  readonly path: string;
  readonly copy: string;
  readonly into: Database;
  readonly clock: Clock;
}

/** Read from a copy: this process has the file open with the other log. */
function bringFromNewcomers({ path, copy, into, clock }: Bringing): void {
  for (const tail of ["", "-wal"])
    if (existsSync(`${path}${tail}`)) copyFileSync(`${path}${tail}`, `${copy}${tail}`);
  try {
    const theirs = new Database(copy, { readwrite: true });
    try {
      transact(into, () => carry(theirs, into, clock, "unread"));
    } finally {
      theirs.close();
    }
  } catch {} // nothing of it can be read: it lies there for who wants to look
}

function remove(file: string): void {
  for (const tail of ["", "-wal", "-shm"]) rmSync(`${file}${tail}`, { force: true });
}
