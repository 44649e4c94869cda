import type { Bus } from "../bus.ts";
import { movedAway, postNow } from "./mail.ts";
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
    const sql = `update delivery set state = ?, open = 0, evidence = ?
      where message = ? and addressed = ? and open = 1`;
    if (db.query(sql).run(state, why, seq, addressed).changes === 0) return false;
    db.query("delete from watch where message = ? and addressed = ?").run(seq, addressed);
    return true;
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

    waitingFrom: (session, name) =>
      read(() =>
        db
          .query<MessageRow & { addressed: number }, [string, string]>(
            `select m.*, d.addressed from delivery d indexed by delivery_open join message m on m.seq = d.message
             where d.mailbox = (select mailbox from session where id = ?1) and d.open = 1
               and (d.state = 'queued' or d.session is not ?1) and m.kind <> 'notice'
               and exists (select 1 from session_name n where n.session = m.from_id and n.name = ?2)
             order by m.seq`,
          )
          .all(session, name)
          .map((row) => ({
            message: toMessage(row),
            addressed: row.addressed,
            fromMailbox: row.from_mailbox,
          })),
      ),

    refuse: ({ message, addressed }, why, notice) =>
      write(() => {
        // Its sender may have taken another mailbox since the look: then it is looked for again.
        if (notice !== null && movedAway(store, message, notice)) return;
        if (!setAside(message.seq, addressed, "refused", why) || notice === null) return;
        const told = postNow(store, notice);
        if (!told.ok && told.why === "not_joined") throw new Error("the refusing session is off the roster");
      }),
  };
}
