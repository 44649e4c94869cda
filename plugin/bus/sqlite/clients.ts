import type { Session } from "../../core/model.ts";
import type { Bus } from "../bus.ts";
import { olderOf } from "./older.ts";
import type { Store } from "./store.ts";

const sameClient = (a: string, b: string) =>
  `${a}.boot = ${b}.boot and ${a}.pid_space = ${b}.pid_space and ${a}.client_pid = ${b}.pid and ${a}.client_start = ${b}.start`;

// Of servers that share a parent only the one whose client it is: by the client's session id, where one has it.
const transcriptSql = `select c.transcript as path, s.gives_transcript is 1 and not exists (
      select 1 from session o join client oc on ${sameClient("o", "oc")}
      where oc.transcript = c.transcript and o.gives_transcript = 0) as given
  from session s join client c on ${sameClient("s", "c")}
  where s.id = ? and c.transcript is not null and (s.client_session is c.session_id or not exists (
    select 1 from session o where ${sameClient("o", "c")} and o.client_session is c.session_id))`;

type Part = Pick<Bus, "sight" | "servedBy" | "transcriptOf" | "follow" | "foreignSessions">;

export function clients(store: Store, session: (id: string) => Promise<Session | null>): Part {
  const { db, clock, write, read } = store;
  return {
    sight: ({ client, sessionId, transcript }, place) =>
      write(() => {
        db.query(
          `insert into client (boot, pid_space, pid, start, session_id, transcript, hooks_at) values (?, ?, ?, ?, ?, ?, ?)
           on conflict do update set session_id = excluded.session_id, transcript = coalesce(excluded.transcript, transcript), hooks_at = excluded.hooks_at`,
        ).run(place.boot, place.pidSpace, client.pid, client.start, sessionId, transcript, clock.now());
      }),

    async servedBy(client, clientSession, place) {
      const ids = await read(() =>
        db
          .query<{ id: string; client_session: string | null }, [string, string, number, string]>(
            `select id, client_session from session
             where closed_at is null and boot = ? and pid_space = ? and client_pid = ? and client_start = ?`,
          )
          .all(place.boot, place.pidSpace, client.pid, client.start),
      );
      // Several servers may share a parent (embedders, test hosts); then the client's session id decides.
      const found =
        ids.find((row) => row.client_session === clientSession) ?? (ids.length === 1 ? ids[0] : undefined);
      return found === undefined ? null : session(found.id);
    },

    transcriptOf: (id) =>
      read(() => {
        const row = db.query<{ path: string; given: number }, [string]>(transcriptSql).get(id);
        return row && { path: row.path, given: row.given === 1 };
      }),

    follow: (id, clientSession) =>
      write(() => {
        db.query("update session set client_session = ? where id = ? and client_session is not ?").run(
          clientSession,
          id,
          clientSession,
        );
      }),

    foreignSessions: () => read(() => olderOf(db, clock)),
  };
}
