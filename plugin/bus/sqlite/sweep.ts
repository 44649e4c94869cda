import { dayMs } from "../../core/clock.ts";
import type { Bus, Overdue } from "../bus.ts";
import { tidyUp } from "./erase.ts";
import { movedAway, postNow } from "./mail.ts";
import { type MailboxRow, type MessageRow, toMailbox, toMessage } from "./rows.ts";
import { bytesSql } from "./selects.ts";
import { moment, passedSql, type Store } from "./store.ts";
import { unindex } from "./text.ts";

const leaseMs = 5_000;
const auditDays = 30;

const overdueSql = `from delivery d join message m on m.seq = d.message
  where d.open = 1 and d.expires_at <= $now and ${passedSql({ at: "m.sent_at", up: "m.sent_up", boot: "m.boot" }, "m.ttl_ms")}`;

/** Expiry and pruning, by one session at a time: whoever holds the lease row. */
export function sweep(store: Store): Pick<Bus, "due" | "overdue" | "expire" | "prune" | "bytes"> {
  const { db, clock, write, read } = store;
  return {
    due: () => read(() => db.query(`select 1 ${overdueSql} limit 1`).get(moment(store)) !== null),

    overdue: (holder) =>
      write(() => {
        if (!takeLease(store, holder)) return [];
        const rows = db
          .query<
            MessageRow & { addressed: number; name: string; state: string },
            { now: number; up: number; boot: string }
          >(`select m.*, d.addressed, d.name, d.state ${overdueSql} order by m.seq limit 500`)
          .all(moment(store));
        return [...Map.groupBy(rows, (row) => row.seq).values()].map((group): Overdue => {
          const first = group[0] as MessageRow;
          const from = db
            .query<MailboxRow, [number]>("select * from mailbox where id = ?")
            .get(first.from_mailbox);
          return {
            message: toMessage(first),
            fromMailbox: from === null ? null : toMailbox(from),
            to: group.map((row) => ({
              addressed: row.addressed,
              name: row.name,
              handed: row.state === "handed",
            })),
          };
        });
      }),

    expire: ({ message, to }, notice) =>
      write(() => {
        // Its sender may have taken another mailbox since the look: then whoever sweeps next tells it there.
        if (notice !== null && movedAway(store, message, notice)) return;
        let expired = 0;
        for (const { addressed } of to) {
          expired += db
            .query(
              "update delivery set state = 'expired', open = 0 where message = ? and addressed = ? and open = 1",
            )
            .run(message.seq, addressed).changes;
          db.query("delete from errand where asked_at <= ?").run(clock.now() - dayMs);
          db.query("delete from watch where message = ? and addressed = ?").run(message.seq, addressed);
        }
        if (expired === 0 || notice === null) return;
        const told = postNow(store, notice);
        // Nothing happens then, and whoever sweeps next tells. (A mailbox that is gone has no reader.)
        if (!told.ok && told.why === "not_joined") throw new Error("the sweeping session is off the roster");
      }),

    bytes: () => read(() => db.query<{ n: number }, []>(bytesSql).get()?.n ?? 0),

    prune: (holder, days) =>
      write(() => {
        if (!takeLease(store, holder)) return;
        const at = { ...moment(store), keep: days * dayMs };
        const old = db
          .query<{ seq: number }, typeof at>(
            `select m.seq from message m where ${passedSql({ at: "m.sent_at", up: "m.sent_up", boot: "m.boot" }, "$keep")}
               and not exists (select 1 from delivery d where d.message = m.seq and d.open = 1)
               -- What a waiting reply answers must stay: the reply's right to come in rests on it.
               and m.id not in (select r.in_reply_to from delivery d join message r on r.seq = d.message
                                where d.open = 1 and r.in_reply_to is not null) limit 5000`,
          )
          .all(at);
        for (const { seq } of old) {
          unindex(store, seq);
          db.query("delete from message where seq = ?").run(seq);
        }
        db.query(
          `delete from session where closed_at is not null and person = 0
             and id not in (select from_id from message) and ${passedSql({ at: "beat_at", up: "beat_up", boot: "boot" }, "$keep")}`,
        ).run(at);
        db.query(
          `delete from client where hooks_at <= ? and not exists (
             select 1 from session s where s.closed_at is null and s.client_pid = client.pid and s.client_start = client.start)`,
        ).run(clock.now() - days * dayMs);
        db.query("delete from audit where at <= ?").run(clock.now() - auditDays * dayMs);
        db.query("delete from permission_request where asked_at <= ?").run(clock.now() - auditDays * dayMs);
        tidyUp(store);
      }),
  };
}

function takeLease(store: Store, holder: string): boolean {
  const { db } = store;
  const at = { ...moment(store), holder };
  return (
    db
      .query(
        `insert into lease (name, holder, until_at, until_up, boot) values ('sweep', $holder, $now + ${leaseMs}, $up + ${leaseMs}, $boot)
         on conflict (name) do update set holder = excluded.holder, until_at = excluded.until_at, until_up = excluded.until_up, boot = excluded.boot
         where lease.holder = excluded.holder or ${passedSql({ at: "lease.until_at", up: "lease.until_up", boot: "lease.boot" }, "0")}`,
      )
      .run(at).changes > 0
  );
}
