import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Exam } from "../../../plugin/bus/exam.ts";
import { examine } from "../../../plugin/bus/sqlite/examine.ts";
import { migrations } from "../../../plugin/bus/sqlite/schema.ts";
import type { PermissionRequest } from "../../../plugin/core/permission.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { type House, house } from "../../fakes/house.ts";
import { join as joins, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

function exam(path: string, clock = fakeClock()): Exam {
  const examined = examine(path, clock);
  if (examined.state !== "read") throw new Error(JSON.stringify(examined));
  return examined.exam;
}

/** Names, times and contents of all that lies there; -shm is SQLite's shared memory and no content. */
function contents(folder: string): Record<string, unknown> {
  const names = readdirSync(folder).sort();
  const read = (path: string) => (statSync(path).isDirectory() ? "" : Bun.hash(readFileSync(path)));
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name);
      return [name, name.endsWith("-shm") ? "" : [statSync(path).mtimeMs, read(path)]];
    }),
  );
}

/** A bus with one message from lead to api, left by everybody. */
async function left(): Promise<House> {
  const home = await house();
  const lead = await joins(home.bus, "lead", { version: "0.1.0" });
  const api = await joins(home.bus, "api", { project: "shop", version: "0.1.0" });
  await send(home.bus, lead, [api.session], { rule: "no-project" });
  await home.bus.claim({ session: api.session, path: "wake", limit: 1 });
  await send(home.bus, lead, [api.session], { priority: "low", rule: "no-project" });
  return home;
}

test("what is not there stays so", () => {
  const folder = scratch();
  expect(examine(join(folder, "none", "bus.db"), fakeClock())).toEqual({ state: "missing" });
  writeFileSync(join(folder, "file"), "");
  expect(examine(join(folder, "file", "bus.db"), fakeClock())).toEqual({ state: "missing" });
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("a bus that others have open is read without changing a byte", async () => {
  const { path, clock } = await left();
  const folder = dirname(path);
  const before = contents(folder);
  expect(Object.keys(before)).toEqual(["bus.db", "bus.db-shm", "bus.db-wal"]);
  expect(exam(path, clock).sessions.map(({ name }) => name)).toEqual(["lead", "api"]);
  expect(contents(folder)).toEqual(before);
});

test("a bus that nobody has open is read without making a file", async () => {
  const { path, clock } = await left();
  const copy = join(scratch(), "b u?s#.db");
  new Database(path).run(`vacuum into '${copy}'`);
  const db = new Database(copy);
  db.run("pragma journal_mode = wal");
  db.close();
  for (const name of ["-wal", "-shm"]) rmSync(`${copy}${name}`, { force: true });
  const before = contents(dirname(copy));
  expect(exam(copy, clock).sessions).toHaveLength(2);
  expect(contents(dirname(copy))).toEqual(before);
  expect(Object.keys(before)).toHaveLength(1);
});

test("tells what waits and what was handed over without evidence, by mailbox and path", async () => {
  const { path, clock, bus } = await left();
  const found = exam(path, clock);
  const mailbox = found.sessions[1]?.mailbox;
  const common = { name: "api", project: "shop", mailbox, count: 1, expiresAt: clock.now() + 86_400_000 };
  expect(found.waiting).toHaveLength(2);
  expect(found.waiting).toEqual(
    expect.arrayContaining([
      { ...common, state: "handed", path: "wake", low: 0, since: clock.now() },
      { ...common, state: "queued", path: null, low: 1, since: clock.now() },
    ]),
  );
  const api = found.sessions[1]?.id ?? "";
  expect(found.handed).toEqual([{ session: api, path: "wake", count: 1, seen: 0, lastSeen: null }]);
  await bus.seenBy(api, "wake", "test");
  expect(exam(path, clock).handed).toMatchObject([{ seen: 1, lastSeen: clock.now() }]);
  expect(exam(path, clock).waiting).toHaveLength(1);
});

test("tells of messages from the future, of rows set aside and of who sweeps", async () => {
  const { path, clock, bus } = await left();
  const [lead] = exam(path, clock).sessions;
  await bus.overdue(lead?.id ?? "");
  const db = new Database(path);
  db.run("update delivery set state = 'quarantined', open = 0 where state = 'queued'");
  db.close();
  expect(exam(path, clock)).toMatchObject({
    quarantined: [{ name: "api", count: 1 }],
    ahead: { count: 0 },
    lease: { holder: lead?.id },
  });
  const sentAt = clock.now();
  clock.setWall(-3_600_000);
  expect(exam(path, clock).ahead).toEqual({ count: 2, newest: sentAt });
});

test("a newer schema is not read and not touched", async () => {
  const { path } = await left();
  const db = new Database(path);
  db.run("pragma user_version = 99");
  const before = contents(dirname(path));
  expect(examine(path, fakeClock())).toEqual({ state: "newer", why: expect.stringContaining("schema 99") });
  expect(contents(dirname(path))).toEqual(before);
  db.close();
});

test("an earlier schema is read as it is", () => {
  const path = join(scratch(), "bus.db");
  const db = new Database(path);
  db.run(migrations[0] ?? "");
  db.run("pragma user_version = 1");
  db.run("insert into mailbox (name, folder) values ('old', '/code/old')");
  db.run(`insert into session values ('id', 'key', 'old', 'worker', null, 'old', 'worker', 1, 'laptop', 'boot', 'ns',
    10, '1', 11, '1', null, '/code/old', null, null, 1, null, 5, 6, 7, null)`);
  db.close();
  const { schema, known, sessions } = exam(path);
  expect({ schema, known }).toEqual({ schema: 1, known: migrations.length });
  expect(sessions).toMatchObject([{ name: "old", version: "0.1.0", condition: null, hooksAt: null }]);
});

test("a file that only an older plugin has used is no bus yet, and its sessions are told", () => {
  const path = join(scratch(), "bus.db");
  const clock = fakeClock();
  const db = new Database(path);
  db.run("create table sessions (name text, last_seen text)");
  db.run("insert into sessions values ('veteran', ?)", [new Date(clock.now()).toISOString()]);
  db.run("pragma user_version = 7");
  db.close();
  expect(exam(path, clock)).toMatchObject({ schema: 0, sessions: [], older: ["veteran"] });
});

test("what is no database is broken, and left alone", () => {
  const path = join(scratch(), "bus.db");
  writeFileSync(path, "x".repeat(5000));
  expect(examine(path, fakeClock())).toEqual({
    state: "broken",
    why: expect.stringContaining("not a database"),
  });
  expect(readFileSync(path, "utf8")).toBe("x".repeat(5000));
});

test("a file that was cut short is broken", async () => {
  const { path } = await left();
  const copy = join(scratch(), "bus.db");
  new Database(path).run(`vacuum into '${copy}'`);
  truncateSync(copy, statSync(copy).size - 8192);
  const examined = examine(copy, fakeClock());
  expect(examined.state === "read" ? examined.exam.damage : examined.state).toMatch(/broken|page|size|row/i);
});

test("a folder in its place cannot be read", () => {
  const path = join(scratch(), "bus.db");
  mkdirSync(path);
  expect(examine(path, fakeClock())).toEqual({ state: "unreadable", why: expect.stringContaining(path) });
});

test("a file that somebody keeps to himself is busy, and is not waited for", () => {
  const path = join(scratch(), "bus.db");
  const db = new Database(path);
  db.run("create table t (a)");
  db.run("begin exclusive");
  const from = performance.now();
  expect(examine(path, fakeClock())).toEqual({ state: "busy", why: expect.stringContaining("locked") });
  expect(performance.now() - from).toBeLessThan(2_000); // it is given 0.2 s
  db.run("commit");
  db.close();
});

test("tells permission requests that are open, and how many there were lately", async () => {
  const { path, clock, bus } = await left();
  const [lead] = exam(path, clock).sessions;
  const request = (id: string, askedAt: number): PermissionRequest => ({
    ...{ id, letters: "abcde", session: lead?.id ?? "", name: "lead", role: "worker", project: null },
    ...{ cwd: "/", branch: null, tool: "Bash", description: "", input: "{}", askedAt, asked: ["a", "b"] },
    ...{ publicKey: "", signature: "" },
  });
  const now = clock.now();
  await bus.openRequest(request("1", now - 1));
  await bus.openRequest(request("2", now));
  await bus.openRequest(request("3", now - 8 * 86_400_000));
  await bus.settle("2", { state: "local", by: null, behavior: "deny", reason: null, at: now });
  await bus.settle("3", { state: "local", by: null, behavior: "deny", reason: null, at: now });
  expect(exam(path, clock).relay).toEqual({
    open: [
      {
        letters: "abcde",
        session: lead?.id ?? "",
        name: "lead",
        tool: "Bash",
        askedAt: now - 1,
        asked: ["a", "b"],
      },
    ],
    lately: 2,
  });
});

test("how much history there is, and how much of it is of today, with gaps in it", async () => {
  const home = await house();
  const [lead, api] = [await joins(home.bus, "lead"), await joins(home.bus, "api")];
  const kept = () => exam(home.path, home.clock).kept;
  expect(kept()).toEqual({ messages: 0, today: 0, closed: 0 });
  const write = (day: number) =>
    send(home.bus, lead, [api.session], { sentAt: home.clock.now() + day * 86_400_000 });
  for (const day of [-3, -2, -2, -1, -1, -1]) await write(day);
  expect(kept()).toEqual({ messages: 6, today: 0, closed: 0 });
  for (let n = 0; n < 3; n++) await write(0);
  const db = new Database(home.path);
  db.run("delete from message where seq in (2, 4, 5, 7)");
  db.close();
  await home.bus.close([api.keys.id]);
  expect(kept()).toEqual({ messages: 5, today: 2, closed: 1 });
});
