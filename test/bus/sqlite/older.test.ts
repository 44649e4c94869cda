/**
 * An older plugin of this kind keeps its tables `sessions` and `messages` in the very same file, with
 * times as ISO text, and may still be running and sweeping.
 */
import { Database } from "bun:sqlite";
import { afterEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Bus } from "../../../plugin/bus/bus.ts";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { type FakeClock, fakeClock } from "../../fakes/clock.ts";
import { boot, join as joins, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

const tables = `
  create table sessions (id text primary key, session_name text unique, role text, cwd text, registered_at text, last_seen text not null);
  create table messages (id text primary key, from_session text, to_session text, content text, created_at text, delivered integer default 0);`;

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const iso = (at: number) => new Date(at).toISOString();

/** The older plugin: its tables, one live session and a message, its connection still open. */
function olderPlugin(clock: FakeClock, { version = 0 } = {}): { path: string; old: Database } {
  const path = join(scratch(), "bus.db");
  const old = new Database(path, { create: true });
  open.push(old);
  old.run(tables);
  old.run(`pragma user_version = ${version}`);
  old.run("insert into sessions values ('s1', 'veteran', 'worker', '/x', ?, ?)", [
    iso(clock.now()),
    iso(clock.now()),
  ]);
  old.run("insert into messages values ('m1', 'veteran', 'other', 'hi', ?, 0)", [iso(clock.now())]);
  return { path, old };
}

async function comeIn(path: string, clock: FakeClock): Promise<Bus> {
  const bus = await openSqliteBus({ path, clock, boot });
  open.push({ close: () => bus.end() });
  return bus;
}

const rows = (db: Database) => ({
  sessions: db.query("select * from sessions").all(),
  messages: db.query("select * from messages").all(),
});

for (const version of [0, 1, 7]) {
  test(`both work on one file whose version number the older one left at ${version}`, async () => {
    const clock = fakeClock();
    const { path, old } = olderPlugin(clock, { version });
    const before = rows(old);
    const bus = await comeIn(path, clock);
    const [lead, api] = [await joins(bus, "lead"), await joins(bus, "api")];
    await send(bus, lead, [api.session], { body: "hello" });
    expect(await bus.claim({ session: api.session, path: "pull", limit: 10 })).toHaveLength(1);
    expect(rows(old)).toEqual(before);

    // Its own work goes on, and its sweep reaches nothing of ours.
    old.run("insert into messages values ('m2', 'veteran', 'other', 'again', ?, 0)", [iso(clock.now())]);
    old.run("delete from sessions where last_seen < ?", [iso(clock.now() + 3_600_000)]);
    old.run("delete from messages");
    expect((await bus.roster()).map((session) => session.name)).toEqual(["lead", "api"]);
    expect(await bus.history({ mailbox: lead.session.mailbox, limit: 10 })).toHaveLength(1);

    // And another start of ours finds its tables in place.
    const second = await comeIn(path, clock);
    expect((await second.roster()).map((session) => session.name)).toEqual(["lead", "api"]);
  });
}

describe("its sessions", () => {
  test("are told by name while they are heard, and not when they fell silent", async () => {
    const clock = fakeClock();
    const { path, old } = olderPlugin(clock);
    const bus = await comeIn(path, clock);
    expect(await bus.foreignSessions()).toEqual(["veteran"]);
    await clock.pass(59_000);
    expect(await bus.foreignSessions()).toEqual(["veteran"]);
    await clock.pass(2000);
    expect(await bus.foreignSessions()).toEqual([]);
    old.run("update sessions set last_seen = ?", [iso(clock.now())]);
    expect(await bus.foreignSessions()).toEqual(["veteran"]);
  });

  const shapes: readonly (readonly [string, string, readonly string[]])[] = [
    ["a column called name", "create table sessions (name text, last_seen text)", ["x"]],
    ["only an id", "create table sessions (id text, last_seen text)", ["x"]],
    ["neither", "create table sessions (label text, last_seen text)", ["1"]],
    ["no time of a last sign of life", "create table sessions (name text, seen text)", []],
    ["times as numbers", "create table sessions (name text, last_seen integer)", []],
  ];
  for (const [what, table, expected] of shapes) {
    test(`with ${what}`, async () => {
      const clock = fakeClock();
      const path = join(scratch(), "bus.db");
      const old = new Database(path, { create: true });
      open.push(old);
      old.run(table);
      const when = what === "times as numbers" ? clock.now() : iso(clock.now());
      old.run("insert into sessions values ('x', ?)", [when]);
      expect(await (await comeIn(path, clock)).foreignSessions()).toEqual(expected);
    });
  }
});
