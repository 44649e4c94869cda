import { Database } from "bun:sqlite";
import type { DeliveryState } from "../../../plugin/core/model.ts";

/** One delivery as it stands in the file, with what its message says. */
export interface Row {
  readonly key: string;
  readonly id: string;
  readonly seq: number;
  readonly kind: string;
  readonly from: string;
  readonly fromMailbox: number;
  readonly answers: string | null;
  readonly ttlMs: number;
  readonly addressed: number;
  readonly mailbox: number;
  readonly state: DeliveryState;
  readonly open: number;
  readonly token: string | null;
  readonly path: string | null;
  readonly session: string | null;
  readonly offers: number;
  readonly handedAt: number | null;
}

export interface Snapshot {
  readonly rows: ReadonlyMap<string, Row>;
  readonly sessions: ReadonlyMap<string, { readonly mailbox: number; readonly open: number }>;
  /** Those that are not archived. */
  readonly mailboxes: ReadonlySet<number>;
}

const rowsSql = `select m.id || ' to ' || d.addressed as key, m.id, m.seq, m.kind, m.from_id as "from",
    m.from_mailbox as fromMailbox, m.in_reply_to as answers, m.ttl_ms as ttlMs, d.addressed, d.mailbox, d.state,
    d.open, d.token, d.path, d.session, d.offers, d.handed_at as handedAt
  from delivery d join message m on m.seq = d.message order by m.seq, d.addressed`;

/** Looks into the file itself, past the bus. */
export function watcher(path: string): { look(): Snapshot; end(): void } {
  const db = new Database(path, { readwrite: true });
  return {
    look: () => ({
      rows: new Map(
        db
          .query<Row, []>(rowsSql)
          .all()
          .map((row) => [row.key, row]),
      ),
      sessions: new Map(
        db
          .query<{ id: string; mailbox: number; open: number }, []>(
            "select id, mailbox, closed_at is null as open from session",
          )
          .all()
          .map(({ id, ...rest }) => [id, rest]),
      ),
      mailboxes: new Set(
        db
          .query<{ id: number }, []>("select id from mailbox where archived_at is null")
          .all()
          .map((row) => row.id),
      ),
    }),
    end: () => db.close(),
  };
}
