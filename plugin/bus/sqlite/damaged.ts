import type { Database } from "bun:sqlite";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Clock, iso } from "../../core/clock.ts";
import { isDmError } from "../../core/errors.ts";
import { sizeOf } from "../../host/space.ts";
import { withAbandoned } from "./abandoned.ts";
import { type Carried, carry } from "./carry.ts";
import { explain, isBusy } from "./errors.ts";
import { isListed, withFirstPage } from "./firstpage.ts";
import { hold } from "./hold.ts";
import { mendingOf, openMended } from "./open.ts";
import { markOf } from "./pin.ts";
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
 * @param sure the mark of a file that needs no look to be called damaged; null: none.
 * @returns null if somebody else did it, or is at it, or there is no damage after all.
 * @throws DmError as opening a bus does.
 */
export async function setAsideDamaged(
  path: string,
  clock: Clock,
  sure: string | null,
): Promise<SetAside | null> {
  const release = hold(mendingOf(path));
  if (release === null) return null;
  try {
    if (asideOf(path) === null) {
      // Of a file that is not there the mark is null, too: there is no damage.
      if ((sure === null || markOf(path) !== sure) && !isDamaged(path)) return null;
      noteAside(path, copyName(path, clock));
    }
    return await finish(path, clock);
  } finally {
    release();
  }
}

/**
 * Goes on where a process was killed that was putting a damaged bus aside: what lies there may be all the
 * mail there was.
 *
 * @returns null if there is nothing to go on with, or somebody is at it.
 */
export async function finishSettingAside(path: string, clock: Clock): Promise<SetAside | null> {
  if (!existsSync(noteOf(path))) return null;
  const release = hold(mendingOf(path));
  if (release === null) return null;
  try {
    return await finish(path, clock);
  } finally {
    release();
  }
}

/** Where a note says, until all of it is done, which name the damaged file gets. */
function noteOf(path: string): string {
  return `${path}.aside`;
}

function noteAside(path: string, aside: string): void {
  try {
    writeFileSync(noteOf(path), basename(aside), { mode: 0o600 });
  } catch (error) {
    rmSync(aside, { force: true }); // on a full disk each try would leave an empty one
    throw error;
  }
}

/** @returns null: none is being put aside. */
function asideOf(path: string): string | null {
  try {
    const name = basename(readFileSync(noteOf(path), "utf8"));
    return name === "" ? null : join(dirname(path), name);
  } catch {
    return null;
  }
}

async function finish(path: string, clock: Clock): Promise<SetAside | null> {
  const aside = asideOf(path);
  if (aside === null) return null;
  // The log first: without its file it is nothing, with another file it would be taken for that one's.
  // What is empty there only keeps the name.
  if (sizeOf(aside) === 0)
    for (const tail of ["-wal", "-shm", ""]) moveIfThere(`${path}${tail}`, `${aside}${tail}`);
  const into = await openMended(path, clock, patienceMs);
  try {
    const carried = carryOver({ aside, path, into, clock });
    rmSync(noteOf(path), { force: true });
    return { path: aside, ...carried };
  } finally {
    into.close();
  }
}

interface Carrying {
  readonly aside: string;
  readonly path: string;
  readonly into: Database;
  readonly clock: Clock;
}

const nothing: Carried = { messages: 0, waiting: 0, unsure: 0, damaged: true };

function carryOver({ aside, path, into, clock }: Carrying): Carried {
  const from = (file: string): Carried => {
    try {
      return withAbandoned(file, (old) =>
        waitForOthers(old, () => transact(into, () => carry(old, into, clock, "all"))),
      );
    } catch (error) {
      const known = explain(error, aside);
      if (isDmError(known) && known.code === "bus_broken") return nothing;
      throw error;
    }
  };
  if (sizeOf(aside) < 512) return nothing;
  return isListed(aside) ? from(aside) : withFirstPage({ aside, path, fresh: into }, from);
}

/** Whoever is in the middle of a write there finishes first; later ones find that the file has moved. */
function waitForOthers<T>(old: Database, run: () => T): T {
  try {
    old.run("pragma busy_timeout = 2000");
    old.run("begin immediate");
  } catch (error) {
    if (isBusy(error)) throw error;
  } // too damaged even for that
  try {
    return run();
  } finally {
    if (old.inTransaction) old.run("rollback");
  }
}

function isDamaged(path: string): boolean {
  try {
    return withAbandoned(path, (db) => {
      // The quick one does not hold indexes against their tables, and an entry that is wrong fails each
      // write that comes to it: for ever, if that is not taken for damage.
      const sql = "pragma integrity_check(1)";
      const found = db.query<{ integrity_check: string }, []>(sql).get()?.integrity_check;
      return found !== undefined && found !== "ok";
    });
  } catch (error) {
    const known = explain(error, path);
    return isDmError(known) && known.code === "bus_broken";
  }
}

/** Makes an empty file to keep the name for what a bus file was. */
export function copyName(path: string, clock: Clock): string {
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
