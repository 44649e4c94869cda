import { SQLiteError } from "bun:sqlite";
import { DmError, isDmError } from "../../core/errors.ts";

export function isBusy(error: unknown): boolean {
  return error instanceof SQLiteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code ?? "");
}

/** A row breaks a rule of its table, or hangs on one that is not there. */
export function breaksRule(error: unknown): boolean {
  return error instanceof SQLiteError && /^SQLITE_(CONSTRAINT|MISMATCH)/.test(error.code ?? "");
}

/** SQLite's own errors, in words that say what to do about this file. */
export function explain(error: unknown, path: string): unknown {
  if (isDmError(error) || !(error instanceof SQLiteError)) return error;
  const code = error.code ?? "";
  const cause = { cause: error };
  if (isBusy(error)) {
    return new DmError(
      "bus_busy",
      `${path} is locked by another program. Nothing was written; try again, or end that program.`,
      cause,
    );
  }
  if (code.startsWith("SQLITE_FULL")) {
    return new DmError(
      "bus_full",
      `The disk that holds ${path} is full. Nothing was written; free some space and try again.`,
      cause,
    );
  }
  // A short read: the file, or its log, ends before what is said to be in it.
  if (/^SQLITE_(NOTADB|CORRUPT|IOERR_SHORT_READ)/.test(code)) {
    return new DmError(
      "bus_broken",
      `${path} is not a database, or is damaged. The next session that uses it moves it aside (bus-damaged-….db, as it is) and goes on with a new one and with what can still be read.`,
      cause,
    );
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH|IOERR)/.test(code)) {
    return new DmError(
      "bus_unavailable",
      `${path} cannot be opened for writing (${error.message}). Make its folder writable, or set CC_DM_HOME to one that is.`,
      cause,
    );
  }
  return new DmError(
    "bus_unavailable",
    `${path} failed: ${error.message} (${code}). Nothing was written; cc-dm doctor tells what is wrong with it.`,
    cause,
  );
}
