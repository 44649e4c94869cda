import type { Database } from "bun:sqlite";
import { DmError, restartSession } from "../../core/errors.ts";
import { migrations } from "./schema.ts";

/**
 * Two numbers tell how a file and a program stand to each other. `PRAGMA user_version` is how many
 * steps of the schema a program must know to use the file at all; how many were applied stands in
 * `schema_step`. Between the two lie steps that only add: a program from before them works on, beside
 * newer ones, on the same file.
 */

/** How many steps were applied; 0: none of ours. */
export function stepsOf(db: Database): number {
  if (!isOurs(db)) return 0;
  // Files from before this table was kept have no steps that an older program need not know.
  const kept = db.query("select 1 from sqlite_master where name = 'schema_step'").get() !== null;
  if (!kept) return userVersion(db);
  return db.query<{ steps: number }, []>("select max(steps) as steps from schema_step").get()?.steps ?? 0;
}

/** Writes both numbers, inside a write transaction. */
export function noteSteps(db: Database, steps: number, least: number): void {
  db.run("create table if not exists schema_step (steps integer primary key) strict");
  db.run(`insert or ignore into schema_step (steps) values (${steps})`);
  db.run(`pragma user_version = ${least}`);
}

/** How many steps a program must know. The number may also be that of an older plugin that shares the file. */
export function leastOf(db: Database): number {
  const version = userVersion(db);
  return version > 0 && isOurs(db) ? version : 0;
}

/**
 * Asked when the file is opened, in every write, at every poll that finds a commit of others and when a
 * look fails: a newer program may have come meanwhile and brought a step that this one must know. (Not
 * at every look: by itself it is a read transaction, and a message takes seven looks.)
 *
 * @throws DmError `bus_newer`; nothing was read or written then.
 */
export function refuseNewer(db: Database, path = db.filename): void {
  if (userVersion(db) <= migrations.length) return;
  const least = leastOf(db);
  if (least <= migrations.length) return;
  throw new DmError(
    "bus_newer",
    `${path} was written by a newer cc-dm (schema ${least}; this one knows ${migrations.length}). Nothing was touched, and what waits there is kept. ${restartSession}`,
  );
}

function userVersion(db: Database): number {
  return db.query<{ user_version: number }, []>("pragma user_version").get()?.user_version ?? 0;
}

function isOurs(db: Database): boolean {
  return db.query("select 1 from sqlite_master where name = 'delivery'").get() !== null;
}
