import type { Database } from "bun:sqlite";
import type { Session, SessionId } from "../../core/model.ts";
import { isThere, openToRead } from "./reading.ts";
import { type SessionRow, toSession } from "./rows.ts";
import { forPersonSql, sessionColumns } from "./selects.ts";
import { refuseNewer, stepsOf } from "./version.ts";

/** What one look at the bus tells, for what is started again and again and must neither wait nor write. */
export interface Glimpse {
  /** Everybody who has not left, living or not. */
  readonly sessions: readonly Session[];
  /** Mail that waits for a session, by its id. */
  unread(session: Session): number;
  /** Mail that waits for the person. */
  readonly forPerson: number;
  /** Who waits for an answer to a permission request, once for each. */
  readonly asking: readonly SessionId[];
}

/**
 * Reads what stands there now, and hands it to `use`.
 *
 * @throws whatever is wrong with the file, a lock that keeps readers out too: it waits for nobody.
 * @returns null if there is no bus.
 */
export function glimpse<T>(path: string, use: (seen: Glimpse) => T): T | null {
  if (!isThere(path)) return null;
  const db = openToRead(path, isThere(`${path}-shm`));
  try {
    db.run("pragma busy_timeout = 0");
    refuseNewer(db, path);
    return stepsOf(db) === 0 ? null : use(look(db));
  } finally {
    db.close();
  }
}

function look(db: Database): Glimpse {
  return {
    sessions: db
      .query<SessionRow, []>(`select ${sessionColumns} from session s where s.closed_at is null`)
      .all()
      .map(toSession),
    unread: ({ mailbox, id }) => count(db, unreadSql, mailbox, id),
    forPerson: knowsPerson(db) ? count(db, forPersonSql) : 0,
    asking: db
      .query<{ session: string }, []>("select session from permission_request where state = 'open'")
      .all()
      .map((row) => row.session),
  };
}

// The index of what is open: the cost does not grow with history.
const unreadSql = `select count(*) as n from delivery d indexed by delivery_open
  where d.mailbox = ?1 and d.open = 1 and (d.state = 'queued' or d.session is not ?2)`;

function count(db: Database, sql: string, ...values: (number | string)[]): number {
  return db.query<{ n: number }, (number | string)[]>(sql).get(...values)?.n ?? 0;
}

/** A bus that only older programs have opened yet has no such column. */
function knowsPerson(db: Database): boolean {
  return db.query("select 1 from pragma_table_info('session') where name = 'person'").get() !== null;
}
