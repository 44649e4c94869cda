import { isDmError } from "../../core/errors.ts";
import type { EraseBus, Erased, Erasing } from "../erase.ts";
import { isBusy } from "./errors.ts";
import { moment, passedSql, type Store } from "./store.ts";
import { unindex } from "./text.ts";

// Some 20 ms of the write lock.
const slice = 500;
// A file grows again soon; to copy it for less is not worth it.
const worthwhile = 0.2;

const isOpen = "exists (select 1 from delivery d where d.message = m.seq and d.open = 1)";

/** What a person deletes of the history, at once and not by its days. */
export function erasing(store: Store): EraseBus {
  const { db, clock, write, read } = store;

  function count({ sql, at }: Part): number {
    return db.query<{ n: number }, typeof at>(`select count(*) as n ${sql}`).get(at)?.n ?? 0;
  }

  function look(of: Erasing): Erased {
    const { messages, sessions, requests, audits } = partsOf(store, of);
    return {
      messages: count(messages),
      unread: count({ ...messages, sql: `${messages.sql} and ${isOpen}` }),
      sessions: count(sessions("would go")),
      requests: count(requests),
      audits: count(audits),
    };
  }

  /** Inside a write. @returns how many were deleted, and how many of them were unread. */
  function takeSome({ sql, at }: Part): { readonly all: number; readonly unread: number } {
    const rows = db
      .query<{ seq: number; unread: number }, typeof at>(
        `select m.seq, ${isOpen} as unread ${sql} order by m.seq limit ${slice}`,
      )
      .all(at);
    for (const { seq } of rows) {
      unindex(store, seq);
      db.query("delete from message where seq = ?").run(seq);
    }
    return { all: rows.length, unread: rows.filter(({ unread }) => unread === 1).length };
  }

  /** Inside a write. */
  function takeRest(of: Erasing): Pick<Erased, "sessions" | "requests" | "audits"> {
    const { sessions, requests, audits, clients, errands } = partsOf(store, of);
    const remove = ({ sql, at }: Part) => db.query(`delete ${sql}`).run(at).changes;
    const gone = { sessions: remove(sessions("gone")), requests: remove(requests), audits: remove(audits) };
    for (const part of [clients, errands]) remove(part);
    tidyUp(store);
    return gone;
  }

  return {
    erasable: (of) => read(() => look(of)),

    async erase(of) {
      let [messages, unread] = [0, 0];
      for (;;) {
        const taken = await write(() => takeSome(partsOf(store, of).messages));
        messages += taken.all;
        unread += taken.unread;
        if (taken.all < slice) break;
      }
      const rest = await write(() => takeRest(of));
      return { messages, unread, ...rest };
    },

    async compact(always) {
      const pragma = (name: string) =>
        Number(Object.values(db.query<Record<string, number>, []>(`pragma ${name}`).get() ?? {})[0] ?? 0);
      if (!always && pragma("freelist_count") < worthwhile * pragma("page_count")) return false;
      // Words of deleted texts stay in the index until its parts are merged.
      await write(() => db.run("insert into message_text (message_text) values ('optimize')"));
      for (let tries = 0; tries < 20; tries++) {
        try {
          await read(() => db.run("vacuum"));
          db.run("pragma wal_checkpoint(truncate)");
          return true;
        } catch (error) {
          const locked = isBusy(error) || (isDmError(error) && error.code === "bus_busy");
          if (!locked) throw error;
          await clock.sleep(50);
        }
      }
      return false;
    },
  };
}

interface Part {
  /** From `from` on. */
  readonly sql: string;
  readonly at: Record<string, number | string>;
}

function partsOf(store: Store, { olderThanMs, unread }: Erasing) {
  const at = { ...moment(store), keep: olderThanMs ?? 0 };
  const old = (columns: { at: string; up: string; boot: string }) =>
    olderThanMs === null ? "true" : passedSql(columns, "$keep");
  const before = (column: string) => (olderThanMs === null ? "true" : `$now - ${column} >= $keep`);
  const part = (sql: string): Part => ({ sql, at });
  const isOld = (message: string) =>
    old({ at: `${message}.sent_at`, up: `${message}.sent_up`, boot: `${message}.boot` });
  // What a waiting reply that stays answers must stay: the reply's right to come in rests on it.
  const staying = unread ? `d.open = 1 and not ${isOld("r")}` : "d.open = 1";
  const kept = `m.id not in (select r.in_reply_to from delivery d join message r on r.seq = d.message
    where ${staying} and r.in_reply_to is not null)`;
  const goes = `(${isOld("m")} and ${kept}${unread ? "" : ` and not ${isOpen}`})`;
  return {
    messages: part(`from message m where ${goes}`),
    /** Once the messages are gone, or as if they were. */
    sessions: (which: "gone" | "would go") =>
      part(
        `from session where closed_at is not null and person = 0
           and id not in (select m.from_id from message m ${which === "gone" ? "" : `where not ${goes}`})
           and ${old({ at: "beat_at", up: "beat_up", boot: "boot" })}`,
      ),
    requests: part(`from permission_request where state <> 'open' and ${before("asked_at")}`),
    audits: part(
      `from audit where ${before("at")} and request not in (select id from permission_request where state = 'open')`,
    ),
    clients: part(
      `from client where ${before("hooks_at")} and not exists (select 1 from session s
         where s.closed_at is null and s.client_pid = client.pid and s.client_start = client.start)`,
    ),
    errands: part(`from errand where answer is not null and ${before("asked_at")}`),
  };
}

/** Inside a write: what hangs on messages, sessions and requests that are gone. */
export function tidyUp({ db }: Pick<Store, "db">): void {
  db.query(
    `delete from mailbox where not exists (select 1 from session s where s.mailbox = mailbox.id)
       and not exists (select 1 from delivery d where d.mailbox = mailbox.id)
       and not exists (select 1 from message m where m.from_mailbox = mailbox.id)`,
  ).run();
  db.query("delete from verdict where request not in (select id from permission_request)").run();
  db.query("delete from watch where message not in (select seq from message)").run();
  db.query("delete from moved where new not in (select id from mailbox)").run();
  db.query("delete from filter where mailbox not in (select id from mailbox)").run();
}
