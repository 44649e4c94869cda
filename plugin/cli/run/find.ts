import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { DmError } from "../../core/errors.ts";
import { realPath } from "../../host/programs.ts";
import { line } from "../terminal/plain.ts";

export const fileName = ".cc-dm.json";

const mostBytes = 64 * 1024;

export interface Found {
  readonly file: string;
  readonly text: string;
}

/**
 * The project's file: in the folder or above it, no further than the root of its git repository, and
 * without one no further than the home. A folder outside both has only its own: in /tmp, anybody could
 * leave one for it.
 *
 * @throws DmError `bad_profiles` if one is there that cannot be read, or is not this user's.
 */
export function findFile(cwd: string, home: string | undefined): Found | null {
  for (const folder of foldersFrom(cwd, home)) {
    const file = join(folder, fileName);
    const text = read(file);
    if (text !== null) return { file, text };
  }
  return null;
}

function foldersFrom(cwd: string, home: string | undefined): readonly string[] {
  const above: string[] = [];
  for (let at = resolve(cwd); above.at(-1) !== at; at = dirname(at)) above.push(at);
  const root = above.findIndex((folder) => existsSync(join(folder, ".git")));
  const own = home === undefined ? null : realPath(home);
  const atHome = above.findIndex((folder) => realPath(folder) === own);
  const last = root >= 0 ? root : Math.max(0, atHome);
  return above.slice(0, last + 1);
}

/** @returns null if there is none. */
function read(file: string): string | null {
  let handle: number;
  try {
    // A pipe by that name must not make us wait.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw bad(file, `cannot be read (${code === "ELOOP" ? "its links lead in a circle" : code})`);
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) throw bad(file, "is no file");
    const me = process.getuid?.();
    if (me !== undefined && ![me, 0].includes(stat.uid))
      throw bad(
        file,
        `belongs to another user (uid ${stat.uid}); profiles are taken from your own files only`,
      );
    if (stat.size > mostBytes) throw bad(file, `is larger than ${mostBytes / 1024} kB`);
    const bytes = Buffer.alloc(mostBytes);
    const count = readSync(handle, bytes, 0, mostBytes, 0);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, count));
  } catch (error) {
    if (error instanceof DmError) throw error;
    throw bad(file, error instanceof TypeError ? "is not UTF-8 text" : `cannot be read (${String(error)})`);
  } finally {
    closeSync(handle);
  }
}

export function bad(file: string, why: string): DmError {
  return new DmError("bad_profiles", `${line(file)} ${why}.`);
}

/** Whether a path is that folder or below it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
