import { constants, Database } from "bun:sqlite";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

export function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    // What cannot be looked at is there, as far as we know; opening it tells why not.
    return !["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}

// Even a reader makes -wal and -shm where a WAL file lacks them. Without them nobody has it open and
// all of it is in the file itself, which can then be read as something that does not change.
export function openToRead(path: string, inUse: boolean): Database {
  if (inUse || !isWal(path)) return new Database(path, { readonly: true, strict: true });
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI;
  return new Database(`${pathToFileURL(path).href}?immutable=1`, flags);
}

/**
 * Closes a file that may be at its path no more. SQLite, as its last user, would remove the log by its
 * name, and that is another file's by now: whoever has that one open would go on alone. (It looks whether
 * the file moved, but not where it could read nothing of it.)
 */
export function closeAbandoned(db: Database): void {
  try {
    db.fileControl(constants.SQLITE_FCNTL_PERSIST_WAL, 1);
  } finally {
    db.close();
  }
}

/** Byte 18 of the header, the format for writing, is 2 (https://sqlite.org/fileformat.html). */
function isWal(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(20);
    readSync(file, header, 0, header.length, 0);
    return header[18] === 2;
  } catch {
    return false; // a folder: opening it tells
  } finally {
    closeSync(file);
  }
}
