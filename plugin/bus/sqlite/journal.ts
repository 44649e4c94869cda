import { firstId } from "../../core/ids.ts";
import type { Delivery, Entry, JournalBus, JournalQuery } from "../journal.ts";
import { type DeliveryRow, type MessageRow, toMessage, toReceipt } from "./rows.ts";
import type { Store } from "./store.ts";
import { indexNew, search } from "./text.ts";

const wholeId = 26;

type Value = string | number;
/** Conditions on a message `m`, and what stands for their question marks. */
type Filter = readonly [sql: string, ...values: readonly Value[]];

interface Walk {
  readonly sql: string;
  readonly values: readonly Value[];
}

type KnownRow = MessageRow & { known: number };
type JournalRow = DeliveryRow & { expires_at: number; session: string | null };

// A notice is written by whichever session sweeps, in the name of cc-dm.
const columns = `m.*, exists (select 1 from session s where s.id = m.from_id and (m.kind = 'notice'
  or exists (select 1 from session_name n where n.session = s.id and n.name = m.from_name))) as known`;

export function journal(store: Store): JournalBus {
  const { db, read } = store;

  const ask = <R>(sql: string, values: readonly Value[]): R[] =>
    db.query<R, never[]>(sql).all(...(values as never[]));
  const receiptsOf = (seq: number): readonly Delivery[] =>
    ask<JournalRow>("select * from delivery where message = ? order by addressed", [seq]).map(toDelivery);
  const toEntry = ({ known, ...row }: KnownRow): Entry => ({
    message: toMessage(row),
    receipts: receiptsOf(row.seq),
    known: known === 1,
  });
  const boxesOf = (name: string): readonly number[] =>
    ask<{ id: number }>(
      `select id from mailbox where name = ?1
       union select s.mailbox from session_name n join session s on s.id = n.session where n.name = ?1`,
      [name],
    ).map(({ id }) => id);

  return {
    async journal(query) {
      if (query.text !== undefined) await indexNew(store);
      return read(() => {
        const boxes = boxesOf(query.from ?? query.to ?? "");
        const since = query.since === undefined ? undefined : firstSince(store, query.since);
        const rows = walks({ ...query, after: later(query.after, since) }, boxes).flatMap(({ sql, values }) =>
          ask<KnownRow>(sql, values),
        );
        // One message may lie in two mailboxes of a name.
        const sorted = [...new Map(rows.map((row) => [row.seq, row])).values()].sort((a, b) => a.seq - b.seq);
        const chosen = query.pick === "oldest" ? sorted.slice(0, query.limit) : sorted.slice(-query.limit);
        return chosen.map(toEntry);
      });
    },

    receipts: (seqs) => read(() => new Map(seqs.map((seq) => [seq, receiptsOf(seq)]))),

    conversation: ({ seq, threadId, limit }) =>
      read(() => {
        const ofThread = "select seq from message where thread_id = ? order by seq desc limit ?";
        const thread = threadId === undefined ? [] : ask<{ seq: number }>(ofThread, [threadId, limit]);
        const seeds = JSON.stringify([...(seq === undefined ? [] : [seq]), ...thread.map((row) => row.seq)]);
        return ask<KnownRow>(conversationSql, [seeds, limit]).map(toEntry);
      }),

    names: () =>
      read(() =>
        ask<{ name: string }>(
          "select name from session_name union select name from session union select name from mailbox order by name",
          [],
        ).map(({ name }) => name),
      ),
  };
}

export const conversationSql = `with recursive talk(seq) as (
    select value from json_each(?1)
    union select o.seq from talk t join message m on m.seq = t.seq join message o on o.id = m.in_reply_to
    union select o.seq from talk t join message m on m.seq = t.seq
      join message o on o.in_reply_to = m.id and o.in_reply_to is not null
    limit ?2
  ) select ${columns} from talk join message m on m.seq = talk.seq order by m.seq`;

/**
 * The ways through the store that together find what is asked for, each in order and stopping at the
 * limit: cost grows with what is passed over, not with history.
 */
export function walks(query: JournalQuery, boxes: readonly number[]): readonly Walk[] {
  const { from, to, text, threadId, id } = query;
  const filters = filtersOf(query);
  const { match, literal } = text === undefined ? { match: null, literal: [] } : search(text);
  for (const word of literal) filters.push(["instr(lower(m.body), lower(?)) > 0", word]);
  if (match !== null) {
    const rest = [...filters, ...nameFilters(from, to)];
    const source = "message_text t join message m on m.seq = t.rowid where t.message_text match ?";
    return [walk({ source, values: [match], filters: rest, order: "t.rowid", query })];
  }
  // A name's mail lies in few mailboxes, each in order; a thread or an id is nearer still.
  const isNear = threadId !== undefined || id !== undefined || from === "cc-dm";
  if (from !== undefined && !isNear) {
    const rest = [...filters, ...nameFilters(from, to)];
    const source = "message m indexed by message_sent where m.from_mailbox = ?";
    return boxes.map((box) => walk({ source, values: [box], filters: rest, order: "m.seq", query }));
  }
  if (to !== undefined && !isNear) {
    const source =
      "delivery d indexed by delivery_mailbox join message m on m.seq = d.message where d.mailbox = ? and d.name = ?";
    return boxes.map((box) => walk({ source, values: [box, to], filters, order: "d.message", query }));
  }
  const rest = [...filters, ...nameFilters(from, to)];
  return [walk({ source: "message m where true", values: [], filters: rest, order: "m.seq", query })];
}

function walk(parts: {
  readonly source: string;
  readonly values: readonly Value[];
  readonly filters: readonly Filter[];
  readonly order: string;
  readonly query: JournalQuery;
}): Walk {
  const { source, values, filters, order, query } = parts;
  const { after, before } = query;
  const bounds: Filter[] = [
    ...(after === undefined ? [] : ([[`${order} > ?`, after]] as const)),
    ...(before === undefined ? [] : ([[`${order} < ?`, before]] as const)),
  ];
  const all = [...bounds, ...filters];
  const direction = query.pick === "oldest" ? "asc" : "desc";
  return {
    sql: `select ${columns} from ${source}${all.map(([sql]) => ` and ${sql}`).join("")} order by ${order} ${direction} limit ?`,
    values: [...values, ...all.flatMap(([, ...bound]) => bound), query.limit],
  };
}

function filtersOf({ since, until, project, threadId, type, id }: JournalQuery): Filter[] {
  const filters: Filter[] = [];
  if (since !== undefined) filters.push(["m.sent_at >= ?", since]);
  if (until !== undefined) filters.push(["m.sent_at < ?", until]);
  if (project !== undefined)
    // A row that was written past us may hold anything there.
    filters.push([
      `(m.from_project = ? or (json_valid(m.recipients) and exists
         (select 1 from json_tree(m.recipients) j where j.key = 2 and j.atom = ?)))`,
      project,
      project,
    ]);
  if (threadId !== undefined) filters.push(["m.thread_id = ?", threadId]);
  if (type !== undefined) filters.push(["m.type = ?", type]);
  if (id !== undefined) {
    const part = id.toUpperCase();
    // Whoever waits for an answer asks again at every commit of anybody.
    if (part.length >= wholeId) filters.push(["m.id = ?", part]);
    else
      filters.push([
        "m.id in (select id from message where id between ? and ? union select id from message where substr(id, ?) = ?)",
        part,
        `${part}~`,
        -part.length,
        part,
      ]);
  }
  return filters;
}

function nameFilters(from: string | undefined, to: string | undefined): readonly Filter[] {
  const toName = "exists (select 1 from delivery o where o.message = m.seq and o.name = ?)";
  return [
    ...(from === undefined ? [] : ([["m.from_name = ?", from]] as const)),
    ...(to === undefined ? [] : ([[toName, to]] as const)),
  ];
}

/**
 * Where to begin for what was sent since a moment. An id begins with the moment it was made, and ids have
 * an index; sending stays as cheap as it is. (Order and time differ where the clock was set, so the exact
 * time is asked as well.)
 */
function firstSince({ db }: Store, at: number): number {
  const sql = "select min(seq) as seq from message where id >= ?";
  const first = db.query<{ seq: number | null }, [string]>(sql).get(firstId(at))?.seq;
  return (first ?? Number.MAX_SAFE_INTEGER) - 1;
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function toDelivery(row: JournalRow): Delivery {
  return {
    ...toReceipt(row),
    addressed: row.addressed,
    expiresAt: row.expires_at,
    session: row.session,
  };
}
