import type { Bus } from "../bus.ts";
import { postNow } from "./mail.ts";
import { type MessageRow, toMessage } from "./rows.ts";
import type { Store } from "./store.ts";

type Part = Pick<Bus, "quarantine" | "quarantined" | "waitingFrom" | "refuse">;

/** Mail that is not shown: it failed its signature or rule, or its receiver does not want it. */
export function refusals(store: Store): Part {
  const { db, write, read } = store;

  /** @returns whether it was still waiting. */
  const setAside = (
    seq: number,
    addressed: number,
    state: "refused" | "quarantined",
    why: string,
  ): boolean => {
    db.query("delete from watch where message = ? and addressed = ?").run(seq, addressed);
    const sql = `update delivery set state = ?, open = 0, evidence = ?
      where message = ? and addressed = ? and open = 1`;
    return db.query(sql).run(state, why, seq, addressed).changes > 0;
  };

  return {
    quarantine: ({ message, addressed }, why) =>
      write(() => void setAside(message.seq, addressed, "quarantined", why)),

    quarantined: (mailbox) =>
      read(
        () =>
          db
            .query<{ n: number }, [number]>(
              "select count(*) as n from delivery where mailbox = ? and state = 'quarantined'",
            )
            .get(mailbox)?.n ?? 0,
      ),

    waitingFrom: (mailbox, name) =>
      read(() =>
        db
          .query<MessageRow & { addressed: number }, [number, string]>(
            `select m.*, d.addressed from delivery d indexed by delivery_open join message m on m.seq = d.message
             where d.mailbox = ? and d.open = 1 and d.state = 'queued' and m.kind <> 'notice'
               and exists (select 1 from session_name n where n.session = m.from_id and n.name = ?)
             order by m.seq`,
          )
          .all(mailbox, name)
          .map((row) => ({
            message: toMessage(row),
            addressed: row.addressed,
            fromMailbox: row.from_mailbox,
          })),
      ),

    refuse: ({ message, addressed }, why, notice) =>
      write(() => {
        if (setAside(message.seq, addressed, "refused", why) && notice !== null) postNow(store, notice);
      }),
  };
}
