import {
  chmodSync,
  chownSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";

/** The text of a file, byte for byte; null if it is not there. @throws with what is wrong with it. */
export function textOf(path: string): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    const why = error instanceof TypeError ? "is not UTF-8 text" : `cannot be read (${code})`;
    throw new Error(`${path} ${why}. Nothing was changed.`);
  }
}

/** The object that a settings file holds. @throws if it holds none. */
export function objectIn(path: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} is not valid JSON (${why}). Mend it and run this again. Nothing was changed.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${path} does not hold a JSON object. Mend it and run this again. Nothing was changed.`);
  return value as Readonly<Record<string, unknown>>;
}

export interface Rewriting {
  readonly path: string;
  /** As it was read: if it is another by now, somebody else writes too, and nothing is done. */
  readonly from: string | null;
  readonly to: string;
}

/**
 * Writes a file anew in one step: whoever reads meanwhile finds the old or the new text, whole. Where it is
 * a link, what that leads to is written. Rights and owner stay.
 *
 * @throws if it may not be written, or is not what it was any more.
 */
export function rewrite({ path, from, to }: Rewriting): void {
  if (textOf(path) !== from)
    throw new Error(`${path} was changed by somebody else meanwhile. Run this again.`);
  const real = from === null ? path : realpathSync(path);
  const old = from === null ? null : statSync(real);
  // Renaming over it would need no right to the file itself: it was made read-only for a reason.
  if (old !== null && (old.mode & 0o222) === 0)
    throw new Error(`${path} is read-only. Make it writable and run this again. Nothing was changed.`);
  const fresh = `${real}.cc-dm.${process.pid}`;
  try {
    writeFileSync(fresh, to, { mode: 0o600 });
    if (old !== null) {
      chmodSync(fresh, old.mode & 0o7777);
      if (old.uid !== process.getuid?.()) chownSync(fresh, old.uid, old.gid);
    }
    renameSync(fresh, real);
  } catch (error) {
    rmSync(fresh, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be written (${why}). Nothing was changed.`);
  }
}
