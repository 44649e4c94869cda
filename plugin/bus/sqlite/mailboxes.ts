import type { Session } from "../../core/model.ts";
import type { Bus, Joined } from "../bus.ts";
import { type MailboxRow, toMailbox } from "./rows.ts";
import type { Store } from "./store.ts";

type Taking = { readonly ok: true; readonly mailbox: number } | Extract<Joined, { why: "mailbox_held" }>;
type Taker = Pick<Session, "id" | "name" | "project" | "startName" | "cwd">;

export function openMailbox({ db }: Store, name: string, project: string | null): MailboxRow | null {
  return db
    .query<MailboxRow, [string, string]>(
      "select * from mailbox where name = ? and project = ? and archived_at is null",
    )
    .get(name, project ?? "");
}

/**
 * The mailbox of a name and project, for a session that takes that name. Waiting mail passes on only
 * to a session that was started with the name or sits in the same folder; nobody else inherits it,
 * and nobody else can take the address while it waits.
 */
export function takeMailbox(store: Store, taker: Taker): Taking {
  const { db, clock } = store;
  const found = openMailbox(store, taker.name, taker.project);
  if (found !== null) {
    if (found.holder === taker.id || taker.startName === taker.name || found.folder === taker.cwd) {
      holdMailbox(store, found.id, taker);
      return { ok: true, mailbox: found.id };
    }
    const waiting = db
      .query<{ n: number }, [number]>("select count(*) as n from delivery where mailbox = ? and open = 1")
      .get(found.id)?.n;
    if (waiting) return { ok: false, why: "mailbox_held", holder: toMailbox(found), waiting };
    db.query("update mailbox set archived_at = ? where id = ?").run(clock.now(), found.id);
  }
  const id = Number(db.query("insert into mailbox_id default values").run().lastInsertRowid);
  db.query("delete from mailbox_id").run();
  db.query("insert into mailbox (id, name, project, folder, holder) values (?, ?, ?, ?, ?)").run(
    id,
    taker.name,
    taker.project ?? "",
    taker.cwd,
    taker.id,
  );
  return { ok: true, mailbox: id };
}

export function holdMailbox({ db }: Store, mailbox: number, holder: Pick<Session, "id" | "cwd">): void {
  db.query("update mailbox set holder = ?, folder = ? where id = ?").run(holder.id, holder.cwd, mailbox);
}

/** Brings one mailbox's mail, sent and received, into another: a renamed session takes its own along. */
export function adopt({ db }: Store, { from, into }: { from: number; into: number }): void {
  db.query("update delivery set mailbox = ? where mailbox = ?").run(into, from);
  db.query("update message set from_mailbox = ? where from_mailbox = ?").run(into, from);
  db.query("update or ignore filter set mailbox = ? where mailbox = ?").run(into, from);
  db.query("update session set mailbox = ? where mailbox = ?").run(into, from);
  db.query("update or ignore watch set mailbox = ? where mailbox = ?").run(into, from);
  db.query("delete from filter where mailbox = ?").run(from);
  db.query("delete from mailbox where id = ?").run(from);
  db.query("update moved set new = ? where new = ?").run(into, from);
  db.query("insert or replace into moved (old, new) values (?, ?)").run(from, into);
}

type Part = Pick<Bus, "closedMailboxes" | "mailbox" | "projects" | "filter" | "filters" | "blockers">;

export function mailboxes(store: Store): Part {
  const { db, write, read } = store;
  return {
    closedMailboxes: () =>
      read(() =>
        db
          .query<MailboxRow, []>(
            `select m.* from mailbox m where m.archived_at is null
               and not exists (select 1 from session s where s.mailbox = m.id and (s.closed_at is null or s.person = 1))
             order by m.id desc`,
          )
          .all()
          .map(toMailbox),
      ),
    mailbox: (id) =>
      read(() => {
        const row = db.query<MailboxRow, [number]>("select * from mailbox where id = ?").get(id);
        return row === null ? null : toMailbox(row);
      }),
    projects: () =>
      read(() =>
        db
          .query<{ project: string }, []>(
            "select distinct project from mailbox where project <> '' and archived_at is null order by project",
          )
          .all()
          .map((row) => row.project),
      ),
    filter: (mailbox, kind, name, on) =>
      write(() => {
        const sql = on
          ? "insert or ignore into filter (mailbox, kind, name) values (?, ?, ?)"
          : "delete from filter where mailbox = ? and kind = ? and name = ?";
        db.query(sql).run(mailbox, kind, name);
      }),
    filters: (mailbox) =>
      read(() =>
        db
          .query<{ kind: "mute" | "block"; name: string }, [number]>(
            "select kind, name from filter where mailbox = ?",
          )
          .all(mailbox),
      ),
    blockers: (session) =>
      read(() => {
        const sql = `select f.mailbox from session_name n join filter f on f.kind = 'block' and f.name = n.name
          where n.session = ?`;
        return new Set(
          db
            .query<{ mailbox: number }, [string]>(sql)
            .all(session)
            .map((row) => row.mailbox),
        );
      }),
  };
}
