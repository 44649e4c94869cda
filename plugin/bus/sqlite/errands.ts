import { type Errand, type ErrandBus, errandMs } from "../errand.ts";
import type { Store } from "./store.ts";

interface Row {
  id: string;
  session: string;
  pid: number;
  pid_start: string;
  tool: string;
  arguments: string;
}

export function errands({ db, clock, write, read }: Store): ErrandBus {
  const oldest = () => clock.now() - errandMs;
  return {
    ask: ({ id, session, asker, tool, arguments: args }) =>
      write(() => {
        // A clock that was set back leaves some that were asked for in the future.
        db.query("delete from errand where asked_at not between ? and ?").run(
          oldest(),
          clock.now() + errandMs,
        );
        db.query(
          "insert into errand (id, session, pid, pid_start, tool, arguments, asked_at) values (?, ?, ?, ?, ?, ?, ?)",
        ).run(id, session, asker.pid, asker.start, tool, args, clock.now());
      }),

    errands: (session) =>
      read(() =>
        db
          .query<Row, [string, number]>(
            "select * from errand where session = ? and answer is null and asked_at >= ? order by id",
          )
          .all(session, oldest())
          .map(toErrand),
      ),

    fulfil: (id, answer) =>
      write(() => void db.query("update errand set answer = ? where id = ?").run(answer, id)),

    answer: (id) =>
      read(
        () =>
          db.query<{ answer: string | null }, [string]>("select answer from errand where id = ?").get(id)
            ?.answer ?? null,
      ),

    forget: (id) => write(() => void db.query("delete from errand where id = ?").run(id)),
  };
}

function toErrand({ id, session, pid, pid_start, tool, arguments: args }: Row): Errand {
  return { id, session, asker: { pid, start: pid_start }, tool, arguments: args };
}
