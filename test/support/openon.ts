import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";

/** How many sessions are on the roster of the bus in a file; 0 where there is none yet. */
export function openOn(file: string): number {
  if (!existsSync(file)) return 0;
  const db = new Database(file);
  try {
    const sql = "select count(*) as n from session where closed_at is null";
    return db.query<{ n: number }, []>(sql).get()?.n ?? 0;
  } catch {
    return 0; // it is being made
  } finally {
    db.close();
  }
}
