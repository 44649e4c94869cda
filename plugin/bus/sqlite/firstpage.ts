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
import { withAbandoned } from "./abandoned.ts";

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
    const [from, to] = [openSync(path, "r"), openSync(copy, "r+")];
    try {
      const first = read(from, 1);
      // https://sqlite.org/fileformat.html: its size in pages, and no free pages.
      first.writeUInt32BE(Math.floor(statSync(copy).size / pageBytes), 28);
      first.fill(0, 32, 40);
      writeSync(to, first, 0, pageBytes, 0);
      // The list of tables goes on elsewhere; another file may have something else there.
      if (!isListed(copy))
        for (const page of below(first))
          writeSync(to, read(from, page), 0, pageBytes, (page - 1) * pageBytes);
    } finally {
      closeSync(from);
      closeSync(to);
    }
    return use(copy);
  } finally {
    for (const tail of ["", "-wal", "-shm"]) rmSync(`${copy}${tail}`, { force: true });
  }
}

function read(file: number, page: number): Buffer {
  const bytes = Buffer.alloc(pageBytes);
  readSync(file, bytes, 0, pageBytes, (page - 1) * pageBytes);
  return bytes;
}

/** The pages that the first one leads to. (https://sqlite.org/fileformat.html, "B-tree Pages"; it has 100 bytes before.) */
function below(first: Buffer): readonly number[] {
  if (first[100] !== 5) return [];
  const cells = Array.from({ length: first.readUInt16BE(103) }, (_, n) => first.readUInt16BE(112 + 2 * n));
  return [...cells.map((at) => first.readUInt32BE(at)), first.readUInt32BE(108)];
}

/** Whether the list of its tables can be read. */
export function isListed(path: string): boolean {
  try {
    return withAbandoned(
      path,
      (db) => db.query("select 1 from sqlite_master where name = 'delivery'").get() !== null,
    );
  } catch {
    return false;
  }
}
