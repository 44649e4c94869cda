import type { Bus } from "../bus.ts";
import { type SessionRow, toSession } from "./rows.ts";
import type { Store } from "./store.ts";

/** Who came and who went. A session that only started again did neither. */
export function movements({ db, clock, write, read }: Store): Pick<Bus, "closedSince" | "movements"> {
  const columns = "s.*, null as hooks_at";
  return {
    closedSince: (at) =>
      read(() =>
        db
          .query<SessionRow, [number]>(
            `select ${columns} from session s where s.listed = 1 and s.closed_at > ?
               and not exists (select 1 from session o where o.name = s.name and (o.closed_at is null or o.closed_at > s.closed_at))
             order by s.closed_at desc`,
          )
          .all(at)
          .map(toSession),
      ),

    async movements(id, patienceMs) {
      const changed = `s.listed = 1 and s.id <> $id and (s.project is me.project or me.project is null)`;
      const joinedSql = `select ${columns} from session s, session me where me.id = $id and ${changed}
        and s.closed_at is null and s.started_at > me.told_at
        and not exists (select 1 from session o where o.name = s.name and o.id <> s.id
          and o.started_at <= me.told_at and (o.closed_at is null or o.closed_at > me.told_at))
        order by s.started_at`;
      const leftSql = `select ${columns} from session s, session me where me.id = $id and ${changed}
        and s.closed_at > me.told_at and s.started_at <= me.told_at
        and not exists (select 1 from session o where o.name = s.name and o.closed_at is null)
        order by s.closed_at`;
      const before = clock.now() - 1; // in this very millisecond more may come
      const moved = await read(() => ({
        joined: db.query<SessionRow, { id: string }>(joinedSql).all({ id }).map(toSession),
        left: db.query<SessionRow, { id: string }>(leftSql).all({ id }).map(toSession),
      }));
      const told = [
        ...moved.joined.map((one) => one.startedAt),
        ...moved.left.map((one) => one.closedAt ?? 0),
      ];
      if (told.length > 0) {
        // Until the look, not until the write: who comes or goes in between is not among them.
        const until = Math.max(before, ...told);
        const sql = "update session set told_at = max(told_at, ?) where id = ?";
        await write(() => db.query(sql).run(until, id), patienceMs);
      }
      return moved;
    },
  };
}
