import type { Database } from "bun:sqlite";
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";

const pageBytes = 4096;

/**
 * The first page tells where every table begins; without it a file whose other pages are whole cannot be
 * read. That of a new bus serves as well, if the old one was made by the same steps. The old file stays as
 * it is: a copy is made, and gone when `use` is through. (What a wrong page would make of rows fails its
 * signature, as everything that something else wrote.)
 *
 * @param fresh the new bus, in `path`.
 */
export function withFirstPage<T>(
  { aside, path, fresh }: { aside: string; path: string; fresh: Database },
  use: (copy: string) => T,
): T {
  const copy = `${aside}.copy`;
  try {
    fresh.run("pragma wal_checkpoint(truncate)");
    for (const tail of ["", "-wal"])
      if (existsSync(`${aside}${tail}`)) copyFileSync(`${aside}${tail}`, `${copy}${tail}`);
    const page = Buffer.alloc(pageBytes);
    const [from, to] = [openSync(path, "r"), openSync(copy, "r+")];
    try {
      readSync(from, page, 0, pageBytes, 0);
      // https://sqlite.org/fileformat.html: its size in pages, and no free pages.
      page.writeUInt32BE(Math.floor(statSync(copy).size / pageBytes), 28);
      page.fill(0, 32, 40);
      writeSync(to, page, 0, pageBytes, 0);
    } finally {
      closeSync(from);
      closeSync(to);
    }
    return use(copy);
  } finally {
    for (const tail of ["", "-wal", "-shm"]) rmSync(`${copy}${tail}`, { force: true });
  }
}
