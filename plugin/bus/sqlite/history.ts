import type { Passed } from "../../core/model.ts";
import type { Bus, HistoryQuery } from "../bus.ts";
import { type DeliveryRow, type MessageRow, toMessage, toReceipt } from "./rows.ts";
import type { Store } from "./store.ts";
import { indexNew, search } from "./text.ts";

/** What passed through a mailbox, newest first. Mail not yet handed over is not history. */
export function history(store: Store): Pick<Bus, "history"> {
  const { db, read } = store;
  return {
    async history(query) {
      if (query.query !== undefined) await indexNew(store);
      return read(() => {
        const { sql, params } = select(query);
        const rows = db.query<MessageRow, never[]>(sql).all(...(params as never[]));
        return rows.map((row): Passed => {
          const sent = row.from_mailbox === query.mailbox && row.kind !== "notice";
          // A receiver sees how far its own delivery came, not those of the others.
          const receipts = db
            .query<DeliveryRow, [number, number, number]>(
              "select * from delivery where message = ? and (? = 1 or mailbox = ?) order by addressed",
            )
            .all(row.seq, sent ? 1 : 0, query.mailbox);
          return { message: toMessage(row), sent, receipts: receipts.map(toReceipt) };
        });
      });
    },
  };
}

function select({ mailbox, with: name, threadId, query, limit }: HistoryQuery): {
  sql: string;
  params: (string | number)[];
} {
  const filters: string[] = [];
  const params: (string | number)[] = [];
  if (threadId !== undefined) {
    filters.push("m.thread_id = ?");
    params.push(threadId);
  }
  if (query !== undefined) {
    const { match, literal } = search(query);
    if (match !== null) {
      filters.push("m.seq in (select rowid from message_text where message_text match ?)");
      params.push(match);
    }
    for (const word of literal) {
      filters.push("instr(lower(m.body), lower(?)) > 0");
      params.push(word);
    }
  }
  const byName = {
    sent: "exists (select 1 from delivery o where o.message = m.seq and o.name = ?)",
    received: "m.from_name = ?",
  };
  const where = (side: "sent" | "received") =>
    [...filters, ...(name === undefined ? [] : [byName[side]])].map((f) => ` and ${f}`).join("");
  const nameParam = name === undefined ? [] : [name];
  // Whoever sweeps speaks for cc-dm to the senders of others: what it says there is none of its own mail.
  // Two walks down an index, newest first, each stopping at the limit: cost does not grow with history.
  const sql = `select * from (
      select * from (select m.* from message m where m.from_mailbox = ? and m.kind <> 'notice'${where("sent")} order by m.seq desc limit ?)
      union
      select * from (select m.* from delivery d join message m on m.seq = d.message
        where d.mailbox = ? and d.state not in ('queued', 'refused', 'quarantined')${where("received")}
        order by d.message desc limit ?)
    ) order by seq desc limit ?`;
  return {
    sql,
    params: [mailbox, ...params, ...nameParam, limit, mailbox, ...params, ...nameParam, limit, limit],
  };
}
