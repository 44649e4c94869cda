import type { Database } from "bun:sqlite";
import type { Letter } from "../../core/model.ts";
import type { Posted } from "../bus.ts";

type Admission =
  | { readonly why: null; readonly box: number }
  | { readonly why: Extract<Posted, { ok: false }>["why"]; readonly box: null };

interface Row {
  joined: number;
  box: number | null;
  span: number | null;
  blocked: number;
}

// Of a sender without a row, receivers could not believe the message. The mailbox is the one that takes
// what is addressed to another: its session may have merged it since the sender looked. A block counts
// for every name that its sender has had.
const admissionSql = `select
    exists (select 1 from session where id = ?1 and (closed_at is null or person = 1)) as joined,
    b.id as box,
    (select (select max(seq) from message) - min(d.message)
     from delivery d indexed by delivery_open where d.mailbox = b.id and d.open = 1) as span,
    exists (select 1 from filter f where f.mailbox = b.id and f.kind = 'block'
      and exists (select 1 from session_name n where n.session = ?1 and n.name = f.name)) as blocked
  from (select 1) left join mailbox b
    on b.archived_at is null and (b.id = ?2 or b.id = (select new from moved where old = ?2))`;

/**
 * Whether a mailbox takes a letter. Asked in the transaction that writes it: much may have changed since
 * its sender looked. One statement, since it is asked for every message.
 */
export function admit(
  db: Database,
  { fromId, kind }: Pick<Letter, "fromId" | "kind">,
  addressed: number,
  limit: number,
): Admission {
  const found = db.query<Row, [string, number]>(admissionSql).get(fromId, addressed);
  if (found === null || found.joined === 0) return { why: "not_joined", box: null };
  const { box, span, blocked } = found;
  if (box === null) return { why: "mailbox_gone", box };
  if ((span ?? 0) + 1 >= limit && isFull(db, box, limit)) return { why: "mailbox_full", box: null };
  if (kind !== "notice" && blocked === 1) return { why: "blocked", box: null };
  return { why: null, box };
}

/**
 * Whether so many wait already. At most one open delivery per message: a short way from the oldest to
 * the newest has proved before that there is room, mostly without counting. (Counting at every send made
 * sends slower the more was unread.)
 */
function isFull(db: Database, mailbox: number, limit: number): boolean {
  const open = db
    .query<{ n: number }, [number, number]>(
      "select count(*) as n from (select 1 from delivery indexed by delivery_open where mailbox = ? and open = 1 limit ?)",
    )
    .get(mailbox, limit);
  return (open?.n ?? 0) >= limit;
}
