import type { Session } from "../../core/model.ts";
import type { Bus, Joined, Joining } from "../bus.ts";
import { logPin, rejoin } from "./cutoff.ts";
import { adopt, holdMailbox, openMailbox, takeMailbox } from "./mailboxes.ts";
import { type SessionRow, toSession } from "./rows.ts";
import { sessionColumns } from "./selects.ts";
import { moment, passedSql, type Store } from "./store.ts";
import { transact } from "./write.ts";

const newsSql = `select s.client_session, c.hooks_at, c.transcript,
    exists (select 1 from delivery d indexed by delivery_open where d.mailbox = s.mailbox and d.open = 1
       and (d.state = 'queued' or d.session is not s.id)) as mail,
    exists (select 1 from delivery d indexed by delivery_open where d.mailbox = s.mailbox and d.open = 1
       and d.state = 'handed' and d.session = s.id) as unproven,
    exists (select 1 from watch w where w.mailbox = s.mailbox) as watching,
    exists (select 1 from errand e where e.session = s.id and e.answer is null) as errands
  from session s left join client c on c.boot = s.boot and c.pid_space = s.pid_space
    and c.pid = s.client_pid and c.start = s.client_start
  where s.id = ? and s.closed_at is null`;

interface NewsRow {
  hooks_at: number | null;
  client_session: string | null;
  mail: number;
  transcript: string | null;
  unproven: number;
  watching: number;
  errands: number;
}

type Part = Pick<
  Bus,
  | "join"
  | "rename"
  | "tell"
  | "beat"
  | "close"
  | "leave"
  | "session"
  | "news"
  | "named"
  | "bore"
  | "roster"
  | "silentWithMail"
  | "predecessor"
>;

export function sessions(store: Store): Part {
  const { db, clock, write, read } = store;
  const isCutOff = logPin(db.filename);

  const byId = (id: string): Session | null => {
    const row = db
      .query<SessionRow, [string]>(`select ${sessionColumns} from session s where s.id = ?`)
      .get(id);
    return row === null ? null : toSession(row);
  };
  const liveHolder = (name: string): Session | null => {
    const row = db
      .query<SessionRow, [string]>(
        `select ${sessionColumns} from session s where s.name = ? and s.closed_at is null`,
      )
      .get(name);
    return row === null ? null : toSession(row);
  };
  const closeNow = (id: string): void => {
    db.query("update session set closed_at = ? where id = ? and closed_at is null").run(clock.now(), id);
    db.query(
      "update permission_request set state = 'withdrawn', settled_at = ? where session = ? and state = 'open'",
    ).run(clock.now(), id);
  };
  const taken = (holder: Session): Joined => ({ ok: false, why: "name_taken", holder });

  return {
    join: (joining) =>
      write((): Joined => {
        const holder = liveHolder(joining.name);
        if (holder !== null && holder.id !== joining.id) return taken(holder);
        const taking = takeMailbox(store, joining);
        if (!taking.ok) return taking;
        insert(store, joining, taking.mailbox);
        recordName(store, joining);
        return { ok: true, session: byId(joining.id) as Session };
      }),

    rename: (change) =>
      write((): Joined => {
        const self = byId(change.id);
        if (self === null || self.closedAt !== null)
          throw new Error(`session ${change.id} is not on the roster`);
        const holder = liveHolder(change.name);
        if (holder !== null && holder.id !== self.id) return taken(holder);

        const next = { ...self, name: change.name, role: change.role, project: change.project };
        const target = openMailbox(store, next.name, next.project);
        let mailbox = self.mailbox;
        if (target === null) {
          db.query("update mailbox set name = ?, project = ? where id = ?").run(
            next.name,
            next.project ?? "",
            self.mailbox,
          );
        } else if (target.id !== self.mailbox) {
          const taking = takeMailbox(store, next);
          if (!taking.ok) return taking;
          mailbox = taking.mailbox;
          adopt(store, { from: self.mailbox, into: mailbox });
        }
        db.query(
          "update session set name = ?, role = ?, project = ?, mailbox = ?, listed = 1 where id = ?",
        ).run(next.name, next.role, next.project, mailbox, self.id);
        holdMailbox(store, mailbox, next);
        recordName(store, next);
        return { ok: true, session: byId(self.id) as Session };
      }),

    tell: (id, { activity, reach, quietUntil }) =>
      write(() => {
        db.query(
          `update session set reach = ?, activity = ?, activity_since = ?, activity_on = ?, quiet_until = ?
           where id = ? and closed_at is null`,
        ).run(reach, activity?.state ?? null, activity?.since ?? null, activity?.on ?? null, quietUntil, id);
      }),

    async beat(id, branch) {
      // One row, no index: a heartbeat costs one page in the WAL.
      const sql =
        "update session set beat_at = ?, beat_up = ?, branch = ? where id = ? and closed_at is null";
      const here = await write(() => db.query(sql).run(clock.now(), clock.up(), branch, id).changes > 0);
      if (isCutOff()) await rejoin(store);
      return here;
    },

    close: (ids) =>
      write(() => {
        for (const id of ids) closeNow(id);
      }),

    leave(id) {
      // Shutdown hardly waits; if the file stays locked, others find the process gone.
      for (let tries = 0; tries < 20; tries++) {
        try {
          transact(db, () => closeNow(id));
          return;
        } catch {
          clock.block(1);
        }
      }
    },

    session: (id) => read(() => byId(id)),
    news: (id) =>
      read(() => {
        const row = db.query<NewsRow, [string]>(newsSql).get(id);
        return (
          row && {
            hooksAt: row.hooks_at,
            clientSession: row.client_session,
            mail: row.mail === 1,
            transcript: row.transcript,
            unproven: row.unproven === 1,
            watching: row.watching === 1,
            errands: row.errands === 1,
          }
        );
      }),
    named: (name) => read(() => liveHolder(name)),
    bore: (id, name) =>
      read(
        () => db.query("select 1 from session_name where session = ? and name = ?").get(id, name) !== null,
      ),

    roster: () =>
      read(() =>
        db
          .query<SessionRow & { unread: number }, []>(
            `select ${sessionColumns}, (select count(*) from delivery d where d.mailbox = s.mailbox and d.open = 1
               and (d.state = 'queued' or d.session is not s.id)) as unread
             from session s where s.closed_at is null order by s.started_at, s.rowid`,
          )
          .all()
          .map((row) => ({ ...toSession(row), unread: row.unread })),
      ),

    silentWithMail: (ms) =>
      read(() =>
        db
          .query<SessionRow, Record<string, number | string>>(
            `select ${sessionColumns} from session s where s.closed_at is null
               and ${passedSql({ at: "s.beat_at", up: "s.beat_up", boot: "s.boot" }, "$ms")}
               and exists (select 1 from delivery d indexed by delivery_open where d.mailbox = s.mailbox and d.open = 1)`,
          )
          .all({ ...moment(store), ms })
          .map(toSession),
      ),

    predecessor: ({ clientSession, client, place }) =>
      read(() => {
        const row = db
          .query<SessionRow, (string | number | null)[]>(
            `select ${sessionColumns} from session s
             where (s.client_session is not null and s.client_session = ?)
                or (s.client_pid = ? and s.client_start = ? and s.boot = ? and s.pid_space = ?)
             order by s.client_session is ? desc, s.started_at desc, s.rowid desc limit 1`,
          )
          .get(
            clientSession,
            client?.pid ?? -1,
            client?.start ?? "",
            place.boot,
            place.pidSpace,
            clientSession,
          );
        return row === null ? null : toSession(row);
      }),
  };
}

function insert({ db, clock }: Store, joining: Joining, mailbox: number): void {
  const now = clock.now();
  db.query(
    `insert into session (id, public_key, name, role, project, start_name, start_role, mailbox, machine, boot, pid_space,
       server_pid, server_start, client_pid, client_start, client_session, cwd, repo, branch, listed, bell, version,
       gives_transcript, started_at, told_at, beat_at, beat_up)
     values ($id, $publicKey, $name, $role, $project, $startName, $startRole, $mailbox, $machine, $boot, $pidSpace,
       $serverPid, $serverStart, $clientPid, $clientStart, $clientSession, $cwd, $repo, $branch, $listed, $bell, $version,
       $givesTranscript, $now, $now, $now, $up)
     on conflict (id) do update set closed_at = null, name = excluded.name, mailbox = excluded.mailbox,
       beat_at = excluded.beat_at, beat_up = excluded.beat_up`,
  ).run({
    id: joining.id,
    publicKey: joining.publicKey,
    name: joining.name,
    role: joining.role,
    project: joining.project,
    startName: joining.startName,
    startRole: joining.startRole,
    mailbox,
    ...joining.place,
    serverPid: joining.server.pid,
    serverStart: joining.server.start,
    clientPid: joining.client.pid,
    clientStart: joining.client.start,
    clientSession: joining.clientSession,
    cwd: joining.cwd,
    repo: joining.repo,
    branch: joining.branch,
    listed: joining.listed ? 1 : 0,
    bell: joining.bell,
    version: joining.version,
    givesTranscript: joining.givesTranscript === null ? null : joining.givesTranscript ? 1 : 0,
    now,
    up: clock.up(),
  });
}

function recordName({ db }: Store, { id, name }: Pick<Session, "id" | "name">): void {
  db.query("insert or ignore into session_name (session, name) values (?, ?)").run(id, name);
}
