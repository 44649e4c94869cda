/** An older plugin of this kind on the very same file: neither side is harmed, and the person is told. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

async function olderSession(name: string) {
  mkdirSync(bus.home, { recursive: true });
  const older = bus.beside("sweeper.ts", bus.file, name);
  await older.lines.next((line) => line === "registered");
  return {
    /** What it says of itself, after one more sweep. */
    async report(): Promise<{ read: string[]; failures: string[]; sessions: string[] }> {
      older.write("report\n");
      return JSON.parse(await older.lines.next((line) => line.startsWith("{"))) as never;
    },
    kill: older.kill,
    exited: older.exited,
  };
}

test("a file it left behind is used on, its tables and rows as they were, its folder made private", async () => {
  mkdirSync(bus.home, { mode: 0o755 });
  const left = new Database(bus.file);
  left.run("create table sessions (id text primary key, name text unique, role text, last_seen text)");
  left.run("create table messages (id integer primary key, to_name text, body text, sent_at text)");
  left.run("insert into sessions values ('1', 'alice', 'worker', '2025-01-01T00:00:00.000Z')");
  left.run("insert into messages values (1, 'alice', 'old mail', '2025-01-01T00:00:00.000Z')");
  left.run("pragma user_version = 1");
  const dump = () => [left.query("select * from sessions").all(), left.query("select * from messages").all()];
  const before = dump();
  chmodSync(bus.file, 0o644);

  const [a, b] = await bus.startAll("alice", "bob");
  await b.ok("dm", { to: "alice", content: "new mail" });
  expect((await a.events.next()).content).toEndWith("\n\nnew mail");
  expect(dump()).toEqual(before);
  left.close();
  const who = await a.ok("who");
  expect(who.sessions.map(({ name }) => name).sort()).toEqual(["alice", "bob"]);
  expect(who.warnings).toBeUndefined(); // nobody of it runs any more
  expect(statSync(bus.home).mode & 0o777).toBe(0o700);
  expect(statSync(bus.file).mode & 0o777).toBe(0o600);
});

test("a session of it that runs and sweeps takes nobody off our roster and loses nothing itself", async () => {
  const older = await olderSession("veteran");
  const [a, b] = await bus.startAll("alice", "bob");
  const other = await olderSession("second");

  const file = bus.open();
  for (let n = 0; n < 50; n++) {
    await a.ok("dm", { to: "bob", content: String(n) });
    file.run("insert into messages (to_name, body, sent_at) values ('veteran', ?, ?)", [
      `old ${n}`,
      new Date().toISOString(),
    ]);
  }
  await b.events.next((event) => event.content.endsWith("\n\n49"));
  const said = [await older.report(), await other.report()];
  expect(said[0]?.read).toEqual(Array.from({ length: 50 }, (_, n) => `old ${n}`));
  for (const one of said) expect(one).toMatchObject({ failures: [], sessions: ["second", "veteran"] });

  expect(b.events.all.map((event) => event.content.split("\n\n")[1])).toEqual(
    Array.from({ length: 50 }, (_, n) => `${n}`),
  );
  expect((await b.ok("who")).sessions.map(({ name }) => name).sort()).toEqual(["alice", "bob"]);
});

test("a session of it that runs is told of in `who`, by name, as long as it runs", async () => {
  const older = await olderSession("veteran");
  const a = await bus.start({ name: "alice" });
  const { warnings = [] } = await a.ok("who");
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("older");
  expect(warnings[0]).toContain("veteran");
  expect(warnings[0]).toContain("Tell the user");
  older.kill();
  await older.exited;
  bus.open().run("update sessions set last_seen = ?", [new Date(Date.now() - 120_000).toISOString()]);
  expect((await a.ok("who")).warnings).toBeUndefined();
});
