import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { failure } from "../../fakes/failure.ts";
import { boot, join as joins } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

const open = (path: string) => openSqliteBus({ path, clock: fakeClock(), boot });
const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
const modeOf = (path: string) => statSync(path).mode & 0o777;

function sql<T>(path: string, run: (db: Database) => T): T {
  const db = new Database(path);
  try {
    return run(db);
  } finally {
    db.close();
  }
}

describe("a file that is not ours to open stays as it is", () => {
  async function refused(path: string): Promise<string> {
    const [before, files] = [digest(path), readdirSync(dirname(path))];
    const error = await failure(open(path));
    expect(digest(path)).toBe(before);
    expect(readdirSync(dirname(path))).toEqual(files);
    expect(error.message).toContain(path);
    return `${error.code}: ${error.message}`;
  }

  test("a schema newer than this one: the error says to update", async () => {
    const path = join(scratch(), "bus.db");
    (await open(path)).end();
    sql(path, (db) => db.run("pragma user_version = 99"));
    expect(await refused(path)).toMatch(/^bus_newer: .*schema 99.*update the plugin/);
  });

  test("a file that is no database: the error says what becomes of it", async () => {
    const path = join(scratch(), "bus.db");
    writeFileSync(path, "These are the notes of somebody.\n".repeat(200));
    expect(await refused(path)).toMatch(/^bus_broken: .*not a database.*moves it aside/);
  });

  test("a database whose pages are damaged", async () => {
    const path = join(scratch(), "bus.db");
    (await open(path)).end();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 100, 4096));
    expect(await refused(path)).toMatch(/^bus_broken: /);
  });

  test("a newer schema whose tables are of another shape", async () => {
    const path = join(scratch(), "bus.db");
    sql(path, (db) => db.run("create table delivery (a)"));
    sql(path, (db) => db.run("pragma user_version = 99"));
    expect(await refused(path)).toMatch(/^bus_newer: /);
  });
});

describe("where no file can be", () => {
  test("in a folder that is not there", async () => {
    const error = await failure(open(join(scratch(), "missing", "bus.db")));
    expect(error.code).toBe("bus_unavailable");
    expect(error.message).toContain("set CC_DM_HOME");
  });

  test("where a folder is", async () => {
    const path = join(scratch(), "bus.db");
    mkdirSync(path);
    expect((await failure(open(path))).code).toBe("bus_unavailable");
  });

  test("in a folder that may only be read", async () => {
    // Root may write everywhere but where the kernel takes no files.
    const folder = process.getuid?.() === 0 ? "/proc" : scratch();
    if (folder !== "/proc") chmodSync(folder, 0o500);
    expect((await failure(open(join(folder, "bus.db")))).code).toBe("bus_unavailable");
    if (folder !== "/proc") chmodSync(folder, 0o700);
  });
});

describe("nobody else may read the bus", () => {
  test("whatever the umask, the file and its companions are for its owner only", async () => {
    const folder = scratch();
    const before = process.umask(0);
    try {
      const bus = await open(join(folder, "bus.db"));
      await joins(bus, "api");
      const files = readdirSync(folder).sort();
      expect(files).toEqual(["bus.db", "bus.db-shm", "bus.db-wal"]);
      for (const file of files) expect(modeOf(join(folder, file))).toBe(0o600);
      bus.end();
    } finally {
      process.umask(before);
    }
  });

  test("a file that others could read is closed to them", async () => {
    const path = join(scratch(), "bus.db");
    sql(path, (db) => db.run("create table sessions (id text)"));
    chmodSync(path, 0o666);
    (await open(path)).end();
    expect(modeOf(path)).toBe(0o600);
  });
});

describe("opened again", () => {
  test("a bus has what it had", async () => {
    const path = join(scratch(), "bus.db");
    const first = await open(path);
    const { session } = await joins(first, "api");
    first.end();
    const second = await open(path);
    expect(await second.named("api")).toEqual(session);
    second.end();
  });

  test("it is in WAL mode, and its schema has a number", async () => {
    const path = join(scratch(), "bus.db");
    const bus = await open(path);
    sql(path, (db) => {
      expect(db.query("pragma journal_mode").get()).toEqual({ journal_mode: "wal" });
      expect(db.query("pragma user_version").get()).toEqual({ user_version: expect.any(Number) });
      expect(db.query("pragma user_version").get()).not.toEqual({ user_version: 0 });
      expect(db.query("pragma integrity_check").get()).toEqual({ integrity_check: "ok" });
    });
    bus.end();
  });

  test("a row that refers to nothing is refused", async () => {
    const path = join(scratch(), "bus.db");
    const bus = await open(path);
    const { session } = await joins(bus, "api");
    bus.end();
    sql(path, (db) => {
      db.run("pragma foreign_keys = on");
      expect(() => db.run("update session set mailbox = 999")).toThrow();
      expect(() => db.run("delete from mailbox where id = ?", [session.mailbox])).toThrow();
    });
  });
});
