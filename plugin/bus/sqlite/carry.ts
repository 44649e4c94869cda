import type { Database } from "bun:sqlite";
import type { Clock } from "../../core/clock.ts";

/** What of a bus is brought into another. */
export type Extent =
  /** Mail that nobody has proved to have read, and what it takes to believe it. */
  | "unread"
  /** All of it. */
  | "all";

export interface Carried {
  readonly messages: number;
  /** Deliveries that still wait. */
  readonly waiting: number;
  /** Not all of the old file could be read. */
  readonly damaged: boolean;
}

type Row = Record<string, string | number | null>;

/**
 * Brings the mail of a bus that is gone, or damaged, into the one that took its place. Inside a write
 * transaction of the new one. Whoever still has the old one open may do the same: what is there already
 * is left alone. Sessions come as closed ones: each joins anew by itself, and is known by its client.
 *
 * Numbers of mailboxes begin at the second in which a bus was made, so those of two are never the same.
 */
export function carry(from: Database, into: Database, clock: Clock, extent: Extent): Carried {
  const damage = { found: false };
  const rows = (table: string, where = "1") => readable(from, table, where, damage);
  const now = clock.now();
  const unread = extent === "unread";

  const deliveries = rows("delivery", unread ? "open = 1" : "1");
  const wanted = new Set(deliveries.map(({ message }) => message));
  const boxes = new Map<number, number>();
  for (const box of rows("mailbox")) boxes.set(Number(box.id), bringMailbox(into, box));
  const boxOf = (id: unknown) => boxes.get(Number(id)) ?? Number(id);

  for (const session of rows("session")) {
    const mailbox = boxOf(session.mailbox);
    put(into, "session", { ...session, mailbox, closed_at: session.closed_at ?? now });
  }
  for (const table of ["session_name", "client"]) for (const row of rows(table)) put(into, table, row);
  for (const row of rows("filter")) put(into, "filter", { ...row, mailbox: boxOf(row.mailbox) });

  const seqs = new Map<unknown, number>();
  let messages = 0;
  for (const message of rows("message").sort((a, b) => Number(a.seq) - Number(b.seq))) {
    if (unread && !wanted.has(message.seq ?? null)) continue;
    const known = seqOf(into, message.id);
    if (known === null) {
      put(into, "message", {
        ...message,
        seq: freeSeq(into, Number(message.seq)),
        from_mailbox: boxOf(message.from_mailbox),
      });
      messages++;
    }
    const seq = known ?? seqOf(into, message.id);
    if (seq !== null) seqs.set(message.seq, seq);
  }
  let waiting = 0;
  for (const delivery of deliveries) {
    const message = seqs.get(delivery.message);
    if (message === undefined) continue; // its text could not be read
    if (
      put(into, "delivery", { ...delivery, message, mailbox: boxOf(delivery.mailbox) }) &&
      delivery.open === 1
    )
      waiting++;
  }
  for (const row of rows("watch")) {
    const message = seqs.get(row.message);
    if (message !== undefined) put(into, "watch", { ...row, message, mailbox: boxOf(row.mailbox) });
  }
  if (!unread) {
    for (const table of ["audit", "verdict"]) for (const row of rows(table)) put(into, table, row);
    for (const row of rows("permission_request"))
      put(
        into,
        "permission_request",
        row.state === "open" ? { ...row, state: "withdrawn", settled_at: now } : row,
      );
  }
  return { messages, waiting, damaged: damage.found };
}

/** The mailbox of that address, which may be there already. @returns its number in the new bus. */
function bringMailbox(into: Database, box: Row): number {
  const there = into
    .query<{ id: number }, [string, string]>(
      "select id from mailbox where name = ? and project = ? and archived_at is null",
    )
    .get(String(box.name), String(box.project));
  if (there === null || box.archived_at !== null) {
    put(into, "mailbox", box);
    return Number(box.id);
  }
  if (there.id !== box.id) put(into, "moved", { old: box.id ?? null, new: there.id });
  return there.id;
}

function seqOf(into: Database, id: unknown): number | null {
  return (
    into.query<{ seq: number }, [string]>("select seq from message where id = ?").get(String(id))?.seq ?? null
  );
}

/** The same number if nobody has it: whoever follows the bus by number goes on. */
function freeSeq(into: Database, seq: number): number | null {
  return into.query("select 1 from message where seq = ?").get(seq) === null ? seq : null;
}

/** @returns whether a row was added; one that breaks a rule of the table is left out. */
function put(into: Database, table: string, row: Row): boolean {
  const columns = columnsOf(into, table).filter((column) => column in row);
  const sql = `insert or ignore into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`;
  return into.query(sql).run(...columns.map((column) => row[column] ?? null)).changes > 0;
}

function columnsOf(db: Database, table: string): readonly string[] {
  return db
    .query<{ name: string }, [string]>("select name from pragma_table_info(?)")
    .all(table)
    .map(({ name }) => name);
}

/** All rows that can be read: from the front as far as it goes, and where a page is damaged from the end too. */
function readable(db: Database, table: string, where: string, damage: { found: boolean }): Row[] {
  const found = new Map<string, Row>();
  for (const order of ["", "desc"]) {
    try {
      const key = keyOf(db, table);
      const by = key.map((column) => `${column} ${order}`).join(", ");
      const sql = `select *, ${key.join(", ")} from ${table} where ${where} order by ${by}`;
      for (const row of db.prepare<Row, []>(sql).iterate())
        found.set(JSON.stringify(key.map((column) => row[column])), row);
      return [...found.values()];
    } catch {
      damage.found = true;
    }
  }
  return [...found.values()];
}

function keyOf(db: Database, table: string): readonly string[] {
  const keys = db
    .query<{ name: string }, [string]>("select name from pragma_table_info(?) where pk > 0 order by pk")
    .all(table)
    .map(({ name }) => name);
  return keys.length > 0 ? keys : ["rowid"];
}
