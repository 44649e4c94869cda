import { Database } from "bun:sqlite";
import { closeAbandoned } from "./reading.ts";

/** Opens a file that is damaged, or no longer at the path that others know it by. */
export function withAbandoned<T>(path: string, use: (db: Database) => T): T {
  const db = new Database(path, { readwrite: true });
  try {
    return use(db);
  } finally {
    closeAbandoned(db);
  }
}
