import { readFileSync, statSync } from "node:fs";

// A writer of a WAL database locks this byte of the -shm file (https://sqlite.org/walformat.html, WAL_WRITE_LOCK).
const writeLock = 120;

/** The process that holds a database's write lock at this moment; null if nobody, or where the system does not tell. */
export function writerOf(database: string): number | null {
  try {
    const { ino } = statSync(`${database}-shm`);
    return findWriter(readFileSync("/proc/locks", "utf8"), ino);
  } catch {
    return null;
  }
}

/** @param locks as in proc_locks(5): `1: POSIX  ADVISORY  WRITE 4121 fe:00:2261246 120 120`. */
export function findWriter(locks: string, inode: number): number | null {
  for (const line of locks.split("\n")) {
    const [, , , kind, pid, file, first, last] = line.trim().split(/\s+/);
    if (kind !== "WRITE" || !file?.endsWith(`:${inode}`)) continue;
    if (Number(first) <= writeLock && Number(last) >= writeLock) return Number(pid);
  }
  return null;
}
