import type { Database } from "bun:sqlite";
import { statSync } from "node:fs";
import { type Clock, dayMs, startOfDay } from "../../core/clock.ts";
import { isDmError } from "../../core/errors.ts";
import type { Session } from "../../core/model.ts";
import type { Exam, Examined, Handed, Kept, Lease, Pending, Waiting } from "../exam.ts";
import { explain } from "./errors.ts";
import { olderOf } from "./older.ts";
import { isThere, openToRead } from "./reading.ts";
import { toAsked } from "./relay.ts";
import { type SessionRow, toSession } from "./rows.ts";
import { migrations } from "./schema.ts";
import { bytesSql, sessionColumns } from "./selects.ts";
import { refuseNewer, stepsOf } from "./version.ts";

// A look through 20 MB takes some 60 ms.
const largestLookedThrough = 20 * 1024 * 1024;
const busyMs = 200;
// The column stands behind the text, and all texts of a week are too much to read.
const newest = 2_000;
// Two programs may read the clock in one order and write in the other.
const aheadMs = 5_000;

/** Looks at the bus file without making, migrating or writing anything, whatever state it is in. */
export function examine(path: string, clock: Clock): Examined {
  if (!isThere(path)) return { state: "missing" };
  const inUse = isThere(`${path}-shm`);
  try {
    const db = openToRead(path, inUse);
    try {
      db.run(`pragma busy_timeout = ${busyMs}`);
      return { state: "read", exam: look(db, path, clock) };
    } finally {
      db.close();
    }
  } catch (error) {
    // A session started meanwhile: what does not change did.
    if (!inUse && isThere(`${path}-shm`)) return examine(path, clock);
    const known = explain(error, path);
    const states = { bus_newer: "newer", bus_broken: "broken", bus_busy: "busy" } as const;
    const code = isDmError(known) ? known.code : "";
    const state = code in states ? states[code as keyof typeof states] : "unreadable";
    return { state, why: known instanceof Error ? known.message : String(known) };
  }
}

function look(db: Database, path: string, clock: Clock): Exam {
  refuseNewer(db, path);
  const schema = stepsOf(db);
  const shared = {
    schema,
    known: migrations.length,
    damage: damageOf(db, path),
    bytes: db.query<{ n: number }, []>(bytesSql).get()?.n ?? 0,
    older: olderOf(db, clock),
  };
  if (schema > 0) return { ...shared, ...read(db, clock) };
  const ahead = { count: 0, newest: 0 };
  return {
    ...shared,
    sessions: [],
    waiting: [],
    handed: [],
    quarantined: [],
    ahead,
    lease: null,
    kept: { messages: 0, today: 0, closed: 0 },
    relay: noRelay,
  };
}

function damageOf(db: Database, path: string): string | null {
  if (statSync(path).size > largestLookedThrough) return null;
  const found = db.query<{ integrity_check: string }, []>("pragma integrity_check(1)").get();
  const said = found?.integrity_check ?? "ok";
  return said === "ok" ? null : said;
}

type Contents = Omit<Exam, "schema" | "known" | "damage" | "bytes" | "older">;

function read(db: Database, clock: Clock): Contents {
  const late = clock.now() + aheadMs;
  const ahead = db
    .query<{ count: number; newest: number | null }, [number]>(
      `select count(*) as count, max(sent_at) as newest
       from (select sent_at from message order by seq desc limit ${newest}) where sent_at > ?`,
    )
    .get(late);
  return {
    sessions: db.query<SessionRow, []>(sessionSql).all().map(toAnySession),
    waiting: db
      .query<Waiting, []>(waitingSql)
      .all()
      .map((row) => ({ ...row, project: row.project || null })),
    handed: db.query<Handed, []>(handedSql).all(),
    quarantined: db
      .query<{ name: string; count: number }, []>(
        "select name, count(*) as count from delivery where state = 'quarantined' group by name",
      )
      .all(),
    ahead: { count: ahead?.count ?? 0, newest: ahead?.newest ?? 0 },
    lease: leaseOf(db),
    kept: keptOf(db, clock),
    relay: relayOf(db, clock),
  };
}

const sessionSql = `select ${sessionColumns} from session s where s.closed_at is null order by s.started_at, s.rowid`;

const waitingSql = `select b.name, b.project, b.id as mailbox, d.state, d.path, count(*) as count,
    sum(m.priority is 'low') as low, min(coalesce(d.handed_at, m.sent_at)) as since, min(d.expires_at) as expiresAt
  from delivery d join message m on m.seq = d.message join mailbox b on b.id = d.mailbox
  where d.open = 1 and d.state in ('queued', 'handed') group by b.id, d.state, d.path order by since`;

const handedSql = `select session, path, count(*) as count, sum(seen_at is not null) as seen, max(seen_at) as lastSeen
  from delivery where session is not null and path is not null group by session, path`;

/** A row of an earlier schema lacks columns that came later. */
function toAnySession(row: SessionRow): Session {
  const later = { version: "0.1.0", reach: null, activity: null, activity_since: null, activity_on: null };
  return toSession({ ...later, quiet_until: null, ...(row as Partial<SessionRow>) } as SessionRow);
}

function leaseOf(db: Database): Lease | null {
  const row = db
    .query<{ holder: string; until_at: number; until_up: number; boot: string }, []>(
      "select holder, until_at, until_up, boot from lease where name = 'sweep'",
    )
    .get();
  return row && { holder: row.holder, until: { at: row.until_at, up: row.until_up, boot: row.boot } };
}

/** Texts lie in the rows and make them long, so a moment is sought by halves and not by a walk. */
function keptOf(db: Database, clock: Clock): Kept {
  const one = (sql: string, ...params: readonly number[]) =>
    Number(db.query<{ n: number | null }, number[]>(sql).get(...params)?.n ?? 0);
  const midnight = startOfDay(clock.now());
  let [first, last] = [
    one("select min(seq) as n from message"),
    one("select max(seq) as n from message") + 1,
  ];
  while (first < last) {
    const middle = Math.floor((first + last) / 2);
    const sentAt = one("select sent_at as n from message where seq >= ? order by seq limit 1", middle);
    if (sentAt >= midnight) last = middle;
    else first = middle + 1;
  }
  return {
    messages: one("select count(*) as n from message"),
    today: one("select count(*) as n from message where seq >= ?", first),
    closed: one("select count(*) as n from session where closed_at is not null and server_pid > 0"),
  };
}

const noRelay: Exam["relay"] = { open: [], lately: 0 };
const weekMs = 7 * dayMs;

function relayOf(db: Database, clock: Clock): Exam["relay"] {
  // Earlier schemas have no such table.
  if (db.query("select 1 from sqlite_master where name = 'permission_request'").get() === null)
    return noRelay;
  const open = db
    .query<Omit<Pending, "asked"> & { asked: string }, []>(
      `select letters, session, name, tool, asked_at as askedAt, asked from permission_request
       where state = 'open' order by asked_at limit 1000`,
    )
    .all();
  const lately = db
    .query<{ count: number }, [number]>("select count(*) as count from permission_request where asked_at > ?")
    .get(clock.now() - weekMs);
  return {
    open: open.map((row) => ({ ...row, asked: toAsked(row.asked) })),
    lately: lately?.count ?? 0,
  };
}
