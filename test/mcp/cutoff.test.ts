import { describe, expect, test } from "bun:test";
import { readdirSync, rmSync, statSync } from "node:fs";
import { openOn } from "../support/openon.ts";
import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();
const clock = true;

const bodies = async ({ ok }: TestSession) =>
  (await ok("inbox")).messages.map(({ content }) => content.split("\n\n")[1] ?? "");
const names = async ({ ok }: TestSession) => (await ok("who")).sessions.map(({ name }) => name).sort();
const inode = () => statSync(bus.file, { throwIfNoEntry: false })?.ino;

/** After the next heartbeat, which comes by the machine's uptime, all of them on one file, and not that one. */
async function together(before: number | undefined, ...sessions: readonly TestSession[]): Promise<void> {
  beat();
  await until("all are there again", async () => {
    for (const one of sessions) await one.call("who");
    return inode() !== before && openOn(bus.file) === sessions.length;
  });
}

function beat(): void {
  bus.turnClock({ wallMs: 40_000, upMs: 40_000 });
}

const harms: readonly (readonly [string, readonly string[]])[] = [
  ["is deleted", ["-wal"]],
  ["and its index are deleted", ["-wal", "-shm"]],
];

describe.each(harms)("a log that %s under two sessions", (_what, tails) => {
  test("is noticed; they and who came since find each other, and no mail is lost or comes twice", async () => {
    const [api, web] = [await bus.start({ name: "api", clock }), await bus.start({ name: "web", clock })];
    await api.ok("dm", { to: "web", content: "read before" });
    bus.open().run("pragma wal_checkpoint(truncate)"); // in the file it is unread
    expect(await bodies(web)).toEqual(["read before"]);
    const open = bus.open().query("select 1 from delivery where open = 1");
    await until("it is known that it was read", () => open.get() === null);
    await api.ok("dm", { to: "web", content: "unread" });
    const before = inode();
    for (const tail of tails) rmSync(`${bus.file}${tail}`);
    const late = await bus.start({ name: "late", clock });
    await api.ok("dm", { to: "web", content: "cut off" });
    await together(before, api, web, late);
    expect(await names(late)).toEqual(["api", "late", "web"]);
    await late.ok("dm", { to: "web", content: "from the newcomer" });
    expect(await bodies(web)).toEqual(["unread", "cut off", "from the newcomer"]);
    await web.ok("dm", { to: "late", content: "and back" });
    expect(await bodies(late)).toEqual(["and back"]);
    for (const file of readdirSync(bus.home)) expect(file).not.toMatch(/\.(new|lock|copy|aside)/);
    expect(statSync(bus.file).mode & 0o777).toBe(0o600);
    const db = bus.open();
    expect(db.query("pragma integrity_check").get()).toEqual({ integrity_check: "ok" });
  });
});

test("what one sent who came and went meanwhile arrives, and the history stays", async () => {
  const [api, web] = [await bus.start({ name: "api", clock }), await bus.start({ name: "web", clock })];
  await api.ok("dm", { to: "web", content: "history" });
  expect(await bodies(web)).toEqual(["history"]);
  const db = bus.open();
  db.run("pragma wal_checkpoint(truncate)"); // who comes later knows web
  db.close();
  await api.ok("dm", { to: "web", content: "cut off" });
  const before = inode();
  for (const tail of ["-wal", "-shm"]) rmSync(`${bus.file}${tail}`);
  const gone = await bus.start({ name: "gone", clock });
  await gone.ok("dm", { to: "web", content: "from one that is gone" });
  await gone.stop();
  await together(before, api, web);
  expect((await bodies(web)).sort()).toEqual(["cut off", "from one that is gone"]);
  const { messages } = (await web.ok("history")) as unknown as { messages: readonly { content: string }[] };
  expect(JSON.stringify(messages)).toContain("history");
});

test("a log that comes and goes as SQLite's do is no harm", async () => {
  await bus.start({ name: "first", clock }).then((one) => one.stop());
  const api = await bus.start({ name: "api", clock });
  const before = inode();
  for (let i = 0; i < 5; i++) {
    const other = await bus.start({ name: `other${i}`, clock });
    await other.ok("dm", { to: "api", content: `note ${i}` });
    await other.stop();
    expect(openOn(bus.file)).toBeGreaterThan(0);
  }
  const beatAt = () =>
    bus
      .open()
      .query<{ at: number }, []>("select beat_at as at from session where name = 'api' and closed_at is null")
      .get()?.at ?? 0;
  const last = beatAt();
  beat();
  await until("it has said that it is still here", () => beatAt() > last);
  expect(await bodies(api)).toHaveLength(5);
  expect(inode()).toBe(before);
  expect(readdirSync(bus.home).filter((name) => name.includes("damaged"))).toEqual([]);
});
