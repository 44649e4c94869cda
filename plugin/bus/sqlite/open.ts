import { Database } from "bun:sqlite";
import { chmodSync, closeSync, existsSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../../core/clock.ts";
import { DmError } from "../../core/errors.ts";
import { refuseForeign } from "../../host/folder.ts";
import { explain, isBusy } from "./errors.ts";
import { hold, isHeld } from "./hold.ts";
import { migrations, needed } from "./schema.ts";
import { leastOf, noteSteps, refuseNewer, stepsOf } from "./version.ts";
import { transact } from "./write.ts";

// While opening, SQLite may wait by itself: the switch to WAL needs the file alone.
const busyMs = 30;
const mendingMs = 20;

/**
 * Opens the file, switches it to WAL, brings its schema up to date. Several first starts at once are
 * normal.
 *
 * @throws DmError `bus_newer` for a schema newer than ours, `bus_broken` for what is no database; the
 *         file stays untouched in both. `bus_busy` after `patienceMs`.
 */
export function openDatabase(path: string, clock: Clock, patienceMs: number): Promise<Database> {
  return open({ path, clock, patienceMs, isBeingMended: () => isHeld(mendingOf(path)) });
}

/** The same, for who is putting it in order. */
export function openMended(path: string, clock: Clock, patienceMs: number): Promise<Database> {
  return open({ path, clock, patienceMs, isBeingMended: () => false });
}

interface Opening {
  readonly path: string;
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly isBeingMended: () => boolean;
}

async function open({ path, clock, patienceMs, isBeingMended }: Opening): Promise<Database> {
  for (let waited = 0; ; ) {
    // Between the moves of its files something else would stand there for a moment.
    if (isBeingMended()) {
      if (waited >= patienceMs) throw mended(path);
      await clock.sleep(mendingMs);
      waited += mendingMs;
      continue;
    }
    let db: Database | null = null;
    try {
      refuseForeign(dirname(path));
      clearStray(path);
      makePrivate(path);
      // Bun keeps 20 prepared statements; a session that sends and receives uses more, and would
      // prepare some anew at every call.
      Database.MAX_QUERY_CACHE_SIZE = 200;
      db = new Database(path, { create: true, readwrite: true, strict: true });
      prepare(db, path);
      db.run("pragma busy_timeout = 0"); // from now on the waiting is ours: see write.ts
      // By default a COMMIT syncs the log into the file every 1,000 pages, and takes up to 130 ms then;
      // `tidy` does it in a quiet moment. 8,000 pages (32 MB) only bound the log under steady load.
      db.run("pragma wal_autocheckpoint = 8000");
      return db;
    } catch (error) {
      db?.close();
      if (!isBusy(error) || waited >= patienceMs) throw explain(error, path);
      const pause = 1 + Math.random() * 9;
      await clock.sleep(pause);
      waited += busyMs + pause;
    }
  }
}

function mended(path: string): DmError {
  return new DmError(
    "bus_busy",
    `${path} was damaged, and another session is putting it in order. Nothing was written; try again in a moment.`,
  );
}

/** The lock of who puts it in order: others leave it alone so long. */
export function mendingOf(path: string): string {
  return `${path}.lock`;
}

/** Without its file a log is nothing; beside a new file SQLite would take it for that one's. */
function clearStray(path: string): void {
  if (existsSync(path) || !existsSync(`${path}-wal`)) return;
  const release = hold(mendingOf(path));
  if (release === null) return; // who holds it does the same
  try {
    if (!existsSync(path)) for (const tail of ["-wal", "-shm"]) rmSync(`${path}${tail}`, { force: true });
  } finally {
    release();
  }
}

// SQLite gives -wal and -shm the rights of the file, so making the file 0600 first covers all three,
// whatever the umask.
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
  } catch (error) {
    throw new DmError(
      "bus_unavailable",
      `${path} cannot be opened for writing (${error instanceof Error ? error.message : String(error)}). Make its folder writable, or set CC_DM_HOME to one that is.`,
      { cause: error },
    );
  }
}

function prepare(db: Database, path: string): void {
  // Before journal_mode: that switch on a fresh file is what kills simultaneous starts.
  db.run(`pragma busy_timeout = ${busyMs}`);
  refuseNewer(db, path);
  if (db.query<{ journal_mode: string }, []>("pragma journal_mode").get()?.journal_mode !== "wal") {
    db.run("pragma journal_mode = wal");
  }
  db.run("pragma synchronous = normal");
  db.run("pragma foreign_keys = on");
  if (stepsOf(db) < migrations.length) migrate(db);
}

function migrate(db: Database): void {
  transact(db, () => {
    const steps = stepsOf(db); // again, under the write lock: another start may have been faster
    if (steps >= migrations.length) return;
    const least = Math.max(needed, leastOf(db));
    for (const step of migrations.slice(steps)) db.run(step);
    if (steps === 0) beginNumbers(db);
    noteSteps(db, migrations.length, least);
  });
}

/**
 * In a new bus, numbers of mailboxes begin at the millisecond in which it was made: where it takes the place of
 * another, what was signed for a mailbox of the old one never looks like mail for one of the new. (At the
 * second, a bus that was deleted right after it was made would give the same numbers again.)
 */
function beginNumbers(db: Database): void {
  // Not unixepoch('subsec'): the SQLite that macOS 13 has gives null for it, and the numbers would begin at 1.
  db.run(`insert into mailbox_id (id)
    values (cast(round((julianday('now') - 2440587.5) * 86400000) as integer) - 1750000000000)`);
  db.run("delete from mailbox_id");
}
