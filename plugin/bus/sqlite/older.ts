import type { Database } from "bun:sqlite";
import { type Clock, iso } from "../../core/clock.ts";

/** @returns sessions of an older plugin of this kind, heard of within the last minute. */
export function olderOf(db: Database, clock: Clock): readonly string[] {
  const columns = db.query<{ name: string }, []>("select name from pragma_table_info('sessions')").all();
  const has = (name: string) => columns.some((column) => column.name === name);
  if (!has("last_seen")) return [];
  const label = ["name", "session_name", "id"].find(has) ?? "rowid";
  // ISO text in that plugin; its sessions are swept after a minute of silence.
  return db
    .query<{ label: string }, [string]>(
      `select "${label}" as label from sessions where typeof(last_seen) = 'text' and last_seen > ?`,
    )
    .all(iso(clock.now() - 60_000))
    .map((row) => String(row.label));
}
