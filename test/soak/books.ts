import { Database } from "bun:sqlite";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeliveryState } from "../../plugin/core/model.ts";
import { diaryFolder } from "./client/diary.ts";
import { noticeOf } from "./client/read.ts";
import type { Line } from "./client/spec.ts";

/** One delivery as the bus has it. */
export interface Row {
  /** As a reader of it sees it: of a notice, what it is about. */
  readonly id: string;
  readonly messageId: string;
  readonly kind: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly state: DeliveryState;
  readonly offers: number;
  readonly path: string | null;
  readonly evidence: string | null;
  readonly about: string | null;
  readonly sentAt: number;
  readonly ttlMs: number;
  readonly handedAt: number | null;
  readonly seenAt: number | null;
}

const sql = `select m.id as messageId, m.kind, d.name as "to", m.from_name as "from", m.body, d.state, d.offers, d.path,
    d.evidence, m.in_reply_to as about, m.sent_at as sentAt, m.ttl_ms as ttlMs, d.handed_at as handedAt, d.seen_at as seenAt
  from delivery d join message m on m.seq = d.message order by m.seq, d.addressed`;

/** The bus, read past every server. */
export function readBus(home: string): readonly Row[] {
  return readRows(join(home, "bus", "bus.db"));
}

export function readRows(file: string): readonly Row[] {
  const db = new Database(file, { readonly: true });
  try {
    return db
      .query<Omit<Row, "id">, []>(sql)
      .all()
      .map((row) => ({ ...row, id: row.kind === "notice" ? noticeOf(row.about ?? "") : row.messageId }));
  } finally {
    db.close();
  }
}

/** How many deliveries have not come to an end, of all or of one name. */
export function countOpen(home: string): number {
  const db = new Database(join(home, "bus", "bus.db"), { readonly: true });
  try {
    return db.query<{ n: number }, []>("select count(*) as n from delivery where open = 1").get()?.n ?? 0;
  } finally {
    db.close();
  }
}

/** What all clients wrote down, each in its own order. */
export function readDiaries(home: string): ReadonlyMap<string, readonly Line[]> {
  const folder = diaryFolder(home);
  return new Map(
    readdirSync(folder).map((file) => [
      file.replace(/\.jsonl$/, ""),
      readFileSync(join(folder, file), "utf8")
        .split("\n")
        .flatMap((line) => parse(line)),
    ]),
  );
}

/** Whoever was killed may have been writing a line. */
function parse(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return [];
  }
}
