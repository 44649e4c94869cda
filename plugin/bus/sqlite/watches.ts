import type { Bus, Watch } from "../bus.ts";
import { postNow } from "./mail.ts";
import {
  type DeliveryRow,
  type MessageRow,
  type SessionRow,
  toMessage,
  toReceipt,
  toSession,
} from "./rows.ts";
import type { Store } from "./store.ts";

/** Of which deliveries their senders want to hear. */
export function watches(store: Store): Pick<Bus, "watches" | "report" | "outstanding"> {
  const { db, write, read } = store;
  return {
    watches: (mailbox) =>
      read(() =>
        db
          .query<{ kind: Watch["kind"]; message: number; addressed: number }, [number]>(
            "select kind, message, addressed from watch where mailbox = ? order by message, addressed limit 1000",
          )
          .all(mailbox)
          .flatMap(({ kind, message, addressed }): Watch[] => {
            const delivery = db
              .query<DeliveryRow & { mailbox: number }, [number, number]>(
                "select * from delivery where message = ? and addressed = ?",
              )
              .get(message, addressed);
            const row = db.query<MessageRow, [number]>("select * from message where seq = ?").get(message);
            if (delivery === null || row === null) return [];
            const receiver = db
              .query<SessionRow, [number]>(
                "select s.*, null as hooks_at from session s where s.mailbox = ? and s.closed_at is null",
              )
              .get(delivery.mailbox);
            return [
              {
                kind,
                message: toMessage(row),
                addressed,
                receipt: toReceipt(delivery),
                receiver: receiver === null ? null : toSession(receiver),
              },
            ];
          }),
      ),

    report: ({ message, addressed }, notice) =>
      write(() => {
        const ended = db
          .query("delete from watch where message = ? and addressed = ?")
          .run(message.seq, addressed).changes;
        if (ended > 0) postNow(store, notice);
      }),

    outstanding: (mailbox) =>
      read(
        () =>
          new Map(
            db
              .query<{ mailbox: number; n: number }, [number]>(
                `select d.mailbox, count(*) as n from delivery d join message m on m.seq = d.message
                 where d.open = 1 and m.from_mailbox = ? and m.kind <> 'notice' group by d.mailbox`,
              )
              .all(mailbox)
              .map((row) => [row.mailbox, row.n]),
          ),
      ),
  };
}
