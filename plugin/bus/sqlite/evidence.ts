import type { Bus, Unproven } from "../bus.ts";
import { type MessageRow, toMessage } from "./rows.ts";
import type { Store } from "./store.ts";

const handed = `mailbox = (select mailbox from session where id = $session) and open = 1
  and state = 'handed' and session = $session and path = $path and handed_at < $before`;

/** What shows that handed mail was read, and what happens to mail of which nothing shows it. */
export function evidence(
  store: Store,
): Pick<Bus, "seen" | "seenBy" | "unproven" | "handedUnder" | "requeue" | "giveBack"> {
  const { db, clock, write, read } = store;
  return {
    seen: (session, tokens, evidence) =>
      write(
        () =>
          db
            .query(
              `update delivery set state = 'seen', open = 0, seen_at = ?, evidence = ?
               where mailbox = (select mailbox from session where id = ?) and open = 1 and session = ?
                 and token in (select value from json_each(?))`,
            )
            .run(clock.now(), evidence, session, session, JSON.stringify(tokens)).changes,
      ),

    async seenBy(session, path, evidence, before = Number.MAX_SAFE_INTEGER) {
      const some = await read(() =>
        db.query(`select 1 from delivery where ${handed}`).get({ session, path, before }),
      );
      if (some === null) return 0; // asked at every prompt: no write lock for nothing
      return write(
        () =>
          db
            .query(
              `update delivery set state = 'seen', open = 0, seen_at = $now, evidence = $evidence where ${handed}`,
            )
            .run({ session, path, evidence, before, now: clock.now() }).changes,
      );
    },

    unproven: (mailbox) =>
      read(() =>
        db
          .query<Unproven, [number]>(
            `select d.session, d.token, d.path, d.handed_at as handedAt, c.transcript from delivery d
               left join session s on s.id = d.session
               left join client c on c.boot = s.boot and c.pid_space = s.pid_space and c.pid = s.client_pid
                 and c.start = s.client_start
             where d.mailbox = ? and d.open = 1 and d.state = 'handed' and d.session is not null and d.token is not null`,
          )
          .all(mailbox),
      ),

    handedUnder: (session, tokens) =>
      read(() =>
        db
          .query<MessageRow, [string, string, string]>(
            `select m.* from delivery d indexed by delivery_open join message m on m.seq = d.message
             where d.mailbox = (select mailbox from session where id = ?) and d.open = 1 and d.session = ?
               and d.token in (select value from json_each(?)) order by m.seq`,
          )
          .all(session, session, JSON.stringify(tokens))
          .map(toMessage),
      ),

    async requeue(session, path, before) {
      const some = await read(() =>
        db.query(`select 1 from delivery where ${handed}`).get({ session, path, before }),
      );
      if (some === null) return 0;
      return write(
        () =>
          db
            .query(`update delivery set state = 'queued', token = null where ${handed}`)
            .run({ session, path, before }).changes,
      );
    },

    giveBack: (session, tokens) =>
      write(() => {
        // Of an offer before this one only the count is left: it looks as if put back by `requeue`.
        db.query(
          `update delivery set state = 'queued', token = null, offers = offers - 1, path = iif(offers > 1, path, null),
             session = iif(offers > 1, session, null), handed_at = iif(offers > 1, handed_at, null)
           where mailbox = (select mailbox from session where id = $session) and open = 1 and state = 'handed'
             and session = $session and token in (select value from json_each($tokens))`,
        ).run({ session, tokens: JSON.stringify(tokens) });
      }),
  };
}
