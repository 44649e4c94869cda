import type { Database } from "bun:sqlite";
import type { Clock } from "../../core/clock.ts";
import { breaksRule } from "./errors.ts";
import { rebuild } from "./rebuild.ts";
import { type Row, readable } from "./salvage.ts";

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
  /** Of these, such as may have been read before: what was known of them could not be read. */
  readonly unsure: number;
  /** Not all of the old file could be read. */
  readonly damaged: boolean;
}

/**
 * Brings the mail of a bus that is gone, or damaged, into the one that took its place. Inside a write
 * transaction of the new one. Whoever still has the old one open may do the same: what is there already
 * is left alone. Sessions come as closed ones: each joins anew by itself, and is known by its client.
 *
 * Numbers of mailboxes begin at the millisecond in which a bus was made, so those of two are not the same.
 */
export function carry(from: Database, into: Database, clock: Clock, extent: Extent): Carried {
  const broken = new Set<string>();
  const rows = (table: string, where?: string): readonly Row[] => {
    const read = readable(from, table, where);
    if (read.damaged) broken.add(table);
    return read.rows;
  };
  const put = putter(into);
  const now = clock.now();
  const unread = extent === "unread";

  const old = {
    mailboxes: rows("mailbox"),
    sessions: rows("session"),
    names: rows("session_name"),
    messages: [...rows("message")].sort((a, b) => Number(a.seq) - Number(b.seq)),
    deliveries: rows("delivery", unread ? "open = 1" : "1"),
  };
  const { mailboxes, sessions, names, messages, deliveries } =
    broken.size > 0 && !unread ? rebuild(old, broken, now) : old;

  const boxes = new Map(mailboxes.map((box) => [Number(box.id), bringMailbox(into, put, box)]));
  into.run("insert into mailbox_id (id) select max(id) from mailbox having max(id) is not null");
  into.run("delete from mailbox_id"); // none of these numbers is given again
  const boxOf = (id: unknown) => boxes.get(Number(id)) ?? Number(id);
  for (const session of sessions)
    put("session", { ...session, mailbox: boxOf(session.mailbox), closed_at: session.closed_at ?? now });
  for (const row of names) put("session_name", row);
  for (const row of rows("client")) put("client", row);
  for (const row of rows("filter")) put("filter", { ...row, mailbox: boxOf(row.mailbox) });

  const wanted = new Set(deliveries.map(({ message }) => message));
  const seqs = new Map<unknown, number>();
  let brought = 0;
  for (const message of messages) {
    if (unread && !wanted.has(message.seq ?? null)) continue;
    const known = seqOf(into, message.id);
    if (known === null) {
      const from_mailbox = boxOf(message.from_mailbox);
      put("message", { ...message, seq: freeSeq(into, Number(message.seq)), from_mailbox });
      brought++;
    }
    const seq = known ?? seqOf(into, message.id);
    if (seq !== null) seqs.set(message.seq, seq);
  }
  let [waiting, unsure] = [0, 0];
  for (const { unsure: isUnsure, ...delivery } of deliveries) {
    const message = seqs.get(delivery.message);
    if (message === undefined) continue; // its text could not be read
    if (!put("delivery", { ...delivery, message, mailbox: boxOf(delivery.mailbox) })) continue;
    if (delivery.open !== 1) continue;
    waiting++;
    if (isUnsure === 1) unsure++;
  }
  if (unread) closeWhatIsRead(from, into);
  for (const row of rows("watch")) {
    const message = seqs.get(row.message);
    if (message !== undefined) put("watch", { ...row, message, mailbox: boxOf(row.mailbox) });
  }
  if (!unread) {
    for (const table of ["audit", "verdict"]) for (const row of rows(table)) put(table, row);
    for (const row of rows("permission_request"))
      put("permission_request", row.state === "open" ? { ...row, state: "withdrawn", settled_at: now } : row);
  }
  return { messages: brought, waiting, unsure, damaged: broken.size > 0 };
}

/** Who was faster may have brought what it did not know to be read. What has evidence is never shown again. */
function closeWhatIsRead(from: Database, into: Database): void {
  const open = into.query<{ id: string; seq: number; addressed: number }, []>(
    "select m.id, m.seq, d.addressed from delivery d join message m on m.seq = d.message where d.open = 1",
  );
  const closed = from.query<Row, [string, number]>(
    `select d.state, d.path, d.token, d.session, d.offers, d.handed_at, d.seen_at, d.evidence
     from delivery d join message m on m.seq = d.message where m.id = ? and d.addressed = ? and d.open = 0`,
  );
  const inOld = (id: string, addressed: number): Row | null => {
    try {
      return closed.get(id, addressed);
    } catch {
      return null; // it stood on a damaged page; who put that file aside brought what could be read
    }
  };
  for (const { id, seq, addressed } of open.all()) {
    const row = inOld(id, addressed);
    if (row === null) continue;
    const columns = Object.keys(row).map((column) => `${column} = ?`);
    into
      .query(`update delivery set open = 0, ${columns.join(", ")} where message = ? and addressed = ?`)
      .run(...Object.values(row), seq, addressed);
  }
}

/** @returns whether a row was added. */
type Put = (table: string, row: Row) => boolean;

/** A row that breaks a rule of its table, or hangs on one that is lost, is left out: it takes no other with it. */
function putter(into: Database): Put {
  const columns = new Map<string, readonly string[]>();
  return (table, row) => {
    const known = columns.get(table) ?? columnsOf(into, table);
    columns.set(table, known);
    const there = known.filter((column) => column in row);
    const sql = `insert or ignore into ${table} (${there.join(", ")}) values (${there.map(() => "?").join(", ")})`;
    try {
      return into.query(sql).run(...there.map((column) => row[column] ?? null)).changes > 0;
    } catch (error) {
      if (breaksRule(error)) return false;
      throw error;
    }
  };
}

/** The mailbox of that address, which may be there already. @returns its number in the new bus. */
function bringMailbox(into: Database, put: Put, box: Row): number {
  const there = into
    .query<{ id: number }, [string, string]>(
      "select id from mailbox where name = ? and project = ? and archived_at is null",
    )
    .get(String(box.name), String(box.project));
  if (there === null || box.archived_at !== null) {
    if (put("mailbox", box) || isSame(into, box)) return Number(box.id);
    // Another's number (the clock was set back): nobody may read what was signed for this one as its own.
    put("mailbox", { ...box, id: null });
    return Number(into.query<{ id: number }, []>("select max(id) as id from mailbox").get()?.id);
  }
  if (there.id !== box.id) put("moved", { old: box.id ?? null, new: there.id });
  return there.id;
}

function isSame(into: Database, { id, name, project }: Row): boolean {
  const sql = "select 1 from mailbox where id = ? and name = ? and project = ?";
  return into.query(sql).get(Number(id), String(name), String(project)) !== null;
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

function columnsOf(db: Database, table: string): readonly string[] {
  return db
    .query<{ name: string }, [string]>("select name from pragma_table_info(?)")
    .all(table)
    .map(({ name }) => name);
}
