import { Database, SQLiteError } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { explain, isBusy } from "../../../plugin/bus/sqlite/errors.ts";
import { DmError, isDmError } from "../../../plugin/core/errors.ts";

/** An error as SQLite throws it, with another code. */
function sqliteError(code: string): SQLiteError {
  const db = new Database(":memory:");
  try {
    db.run("nonsense");
  } catch (error) {
    if (error instanceof SQLiteError) return Object.create(error, { code: { value: code } });
  } finally {
    db.close();
  }
  throw new Error("SQLite took nonsense");
}

describe("what SQLite says is put into words that say what to do", () => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ["SQLITE_BUSY", "bus_busy", /locked by another program.*Nothing was written/],
    ["SQLITE_BUSY_SNAPSHOT", "bus_busy", /locked/],
    ["SQLITE_LOCKED", "bus_busy", /locked/],
    ["SQLITE_FULL", "bus_full", /disk .* is full.*free some space/],
    ["SQLITE_NOTADB", "bus_broken", /moves it aside/],
    ["SQLITE_CORRUPT_VTAB", "bus_broken", /damaged/],
    ["SQLITE_READONLY", "bus_unavailable", /CC_DM_HOME/],
    ["SQLITE_CANTOPEN", "bus_unavailable", /CC_DM_HOME/],
    ["SQLITE_IOERR_WRITE", "bus_unavailable", /CC_DM_HOME/],
    ["SQLITE_ERROR", "bus_unavailable", /failed: .*\(SQLITE_ERROR\)/],
  ];
  for (const [code, ours, words] of table) {
    test(code, () => {
      const cause = sqliteError(code);
      const error = explain(cause, "/x/bus.db");
      if (!isDmError(error)) throw new Error("not ours");
      expect([error.code, error.cause]).toEqual([ours, cause]);
      expect(error.message).toMatch(words);
      expect(error.message).toContain("/x/bus.db");
      expect(isBusy(cause)).toBe(ours === "bus_busy");
    });
  }

  test("what is no error of SQLite's passes as it is", () => {
    for (const error of [new TypeError("x"), new DmError("a", "b"), "text"]) {
      expect(explain(error, "/x")).toBe(error);
      expect(isBusy(error)).toBe(false);
    }
  });
});
