import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DmError } from "../../core/errors.ts";
import { offerToken } from "../../core/ids.ts";

/** A file that is there whole, or not at all. */
export interface OutFile {
  write(text: string): void;
  /** Gives it its name. @throws DmError `file_exists` if somebody took that meanwhile. */
  finish(): void;
  /** Leaves nothing behind; after `finish` it does nothing. */
  abandon(): void;
}

/**
 * Begins a file that only this user can read, under another name in the same folder.
 *
 * @throws DmError `file_exists` unless `force` is given; `no_file` if it cannot be written.
 */
export function outFile({ path, cwd, force }: { path: string; cwd: string; force: boolean }): OutFile {
  const target = resolve(cwd, path);
  const found = lstatSync(target, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile())
    throw new DmError(
      "no_file",
      `${path} is no file; nothing was written. Without --output it goes to standard output.`,
    );
  if (found !== undefined && !force) throw exists(path);
  const draft = join(dirname(target), `.${basename(target)}.${offerToken()}`);
  const file = attempt(path, () => openSync(draft, "wx", 0o600));
  let open = true;
  const close = () => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    write(text) {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += attempt(path, () => writeSync(file, bytes, at));
    },
    finish() {
      attempt(path, () => fsyncSync(file));
      close();
      if (force) {
        attempt(path, () => renameSync(draft, target));
        return;
      }
      // A link fails where a name is taken by now; a rename would overwrite it.
      try {
        linkSync(draft, target);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") throw exists(path);
        throw refusal(path, error);
      }
      unlinkSync(draft);
    },
    abandon() {
      close();
      try {
        unlinkSync(draft);
      } catch {} // it has its name
    },
  };
}

function exists(path: string): DmError {
  return new DmError("file_exists", `${path} is there already and was left as it is; --force replaces it.`);
}

function attempt<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw refusal(path, error);
  }
}

function refusal(path: string, cause: unknown): DmError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DmError("no_file", `${path} cannot be written (${why}). Nothing was left there.`, { cause });
}
