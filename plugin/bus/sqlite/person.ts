import type { Session } from "../../core/model.ts";
import { personName } from "../../core/names.ts";
import type { Bus } from "../bus.ts";
import { takeMailbox } from "./mailboxes.ts";
import { forPersonSql } from "./selects.ts";
import type { Store } from "./store.ts";

/** The one member of the bus that is no session: it has a key and a mailbox, no process and no presence. */
export function person(store: Store, session: Bus["session"]): Pick<Bus, "person" | "forPerson"> {
  const { db, clock, write, read } = store;

  function enter({ id, publicKey }: { id: string; publicKey: string }, cwd: string): void {
    const taking = takeMailbox(store, { id, name: personName, project: null, startName: personName, cwd });
    if (!taking.ok) throw new Error("the person's mailbox is held"); // the name alone is enough to take it
    // A key that was made anew takes the place of the one before.
    db.query("update session set person = 0 where person = 1 and id <> ?").run(id);
    db.query(
      `insert into session (id, public_key, name, role, project, start_name, start_role, mailbox, machine, boot,
         pid_space, server_pid, server_start, client_pid, client_start, cwd, listed, started_at, beat_at, beat_up,
         closed_at, person)
       values ($id, $publicKey, $name, 'person', null, $name, 'person', $mailbox, '', '', '', 0, '?', 0, '?', $cwd, 0,
         $now, $now, 0, $now, 1)
       on conflict (id) do update set person = 1, mailbox = excluded.mailbox`,
    ).run({ id, publicKey, name: personName, mailbox: taking.mailbox, cwd, now: clock.now() });
    db.query("insert or ignore into session_name (session, name) values (?, ?)").run(id, personName);
  }

  const isEntered = (id: string) =>
    read(
      () =>
        db
          .query(
            "select 1 from session s join mailbox m on m.id = s.mailbox and m.holder = s.id where s.id = ? and s.person = 1",
          )
          .get(id) !== null,
    );

  return {
    async person(key, folder) {
      if (!(await isEntered(key.id))) await write(() => enter(key, folder));
      return (await session(key.id)) as Session;
    },
    forPerson: () => read(() => db.query<{ n: number }, []>(forPersonSql).get()?.n ?? 0),
  };
}
