import { statSync } from "node:fs";
import { DmError } from "../../core/errors.ts";

/**
 * Remembers which file was opened. One that is deleted, moved away or replaced goes on to work for those
 * who have it open, and nobody who comes later sees what they write: so it is asked in every write
 * transaction, and at every poll. (A `stat`, 4 µs.)
 *
 * @returns a function that throws DmError `bus_moved` when the file at the path is another now.
 */
export function pin(path: string): () => void {
  const opened = markOf(path);
  return () => {
    if (markOf(path) === opened) return;
    throw new DmError(
      "bus_moved",
      `${path} was deleted or replaced while this session had it open. It joins the new one within a second, with the mail that nobody had read; nothing was sent, send it again then.`,
    );
  };
}

/** Which file stands at a path; null: none. */
export function markOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev} ${found.ino}`;
}
