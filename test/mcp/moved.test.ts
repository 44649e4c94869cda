/** The bus file deleted, replaced or damaged under sessions that are using it. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { openOn } from "../support/openon.ts";
import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

interface Mail {
  readonly from: string;
  readonly content: string;
  readonly repeat?: boolean;
}
const mail = async (of: TestSession) =>
  ((await of.ok("inbox")) as unknown as { messages: readonly Mail[] }).messages;
const bodies = async (of: TestSession) => (await mail(of)).map(({ content }) => content.split("\n\n")[1]);
const names = async (of: TestSession) => (await of.ok("who")).sessions.map(({ name }) => name).sort();

/** All of them on the file that is there now. (Each notices by itself, and answers from the old one until then.) */
async function together(...sessions: readonly TestSession[]): Promise<void> {
  await until("all are there again", async () => {
    for (const one of sessions) await one.call("who");
    return openOn(bus.file) === sessions.length;
  });
}

const harms: readonly (readonly [string, () => void])[] = [
  ["the folder is deleted", () => rmSync(bus.home, { recursive: true })],
  [
    "the file is deleted with its log",
    () =>
      readdirSync(bus.home)
        .filter((name) => name.startsWith("bus.db"))
        .forEach((name) => void rmSync(`${bus.home}/${name}`)),
  ],
  ["the file alone is deleted", () => rmSync(bus.file)],
  ["the folder is moved away", () => renameSync(bus.home, `${bus.home}-old`)],
];

describe.each(harms)("%s under two sessions", (_what, harm) => {
  test("they find each other again, under their names, and no unread mail is lost", async () => {
    const api = await bus.start({ name: "api", project: "shop" });
    const web = await bus.start({ name: "web", project: "shop" });
    await api.ok("dm", { to: "web", content: "read before" });
    expect(await bodies(web)).toEqual(["read before"]);
    await api.ok("dm", { to: "web", content: "unread one" });
    await web.ok("dm", { to: "api", content: "unread two" });
    await api.ok("dm", { to: "user", content: "for the person" });
    harm();
    await together(api, web);
    expect(await names(api)).toEqual(["api", "web"]);
    await api.ok("dm", { to: "web", content: "after" });
    expect(await bodies(web)).toEqual(["unread one", "after"]);
    expect(await bodies(api)).toEqual(["unread two"]);
    const db = bus.open();
    const waiting = () =>
      db.query("select body from message m join delivery d on d.message = m.seq where d.open = 1").all();
    await until("what was read is proved", () => waiting().length < 2);
    expect(waiting()).toEqual([{ body: "for the person" }]);
    expect(statSync(bus.home).mode & 0o777).toBe(0o700);
    expect(statSync(bus.file).mode & 0o777).toBe(0o600);
  });

  test("a call at that very moment is made on the new one", async () => {
    const api = await bus.start({ name: "api" });
    const web = await bus.start({ name: "web" });
    harm();
    await api.ok("dm", { to: "web", content: "just then" });
    await together(api, web);
    expect(await bodies(web)).toEqual(["just then"]);
  });

  test("model and person are told once", async () => {
    const api = await bus.start({ name: "api" });
    harm();
    const told: string[] = [];
    const ask = async (tool: string, args = {}) => told.push(JSON.stringify(await api.call(tool, args)));
    const times = () => told.splice(0).filter((text) => text.includes("was deleted or replaced")).length;
    await until("it is there again", async () => {
      await ask("who"); // the first of these that is answered may tell it
      return openOn(bus.file) === 1;
    });
    for (let i = 0; i < 3; i++) await ask("who");
    expect(times()).toBe(1);
    for (let i = 0; i < 3; i++) await ask("hook_prompt", { prompt: "hello", sid: "", transcript: "" });
    expect(times()).toBe(1);
  });
});

describe("a bus that is damaged under two sessions", () => {
  const damages: readonly (readonly [string, () => void, number])[] = [
    ["whose header is overwritten", () => overwrite(0, 100), 1],
    ["whose pages are overwritten", () => overwrite(4096, 40_000), 1],
    ["that is cut short", () => truncateSync(bus.file, 5000), 1],
    ["that is emptied, of which nothing is left to keep", () => truncateSync(bus.file, 0), 0],
  ];
  function overwrite(from: number, to: number): void {
    const bytes = readFileSync(bus.file);
    bytes.fill(0xa5, from, Math.min(to, bytes.length));
    writeFileSync(bus.file, bytes);
  }
  /** All of the log into the file, and nothing of it in the log. @returns false if somebody was using it. */
  function settle(): boolean {
    const db = new Database(bus.file);
    const { busy } = db.query("pragma wal_checkpoint(truncate)").get() as { busy: number };
    db.close();
    return busy === 0;
  }
  /** Who read a page in between has it whole, and writes it anew: then there is no damage. */
  async function whileTheySleep(sessions: readonly TestSession[], damage: () => void): Promise<void> {
    await until("nobody used it", () => {
      for (const one of sessions) one.kill("SIGSTOP");
      const settled = settle();
      if (settled) damage();
      for (const one of sessions) one.kill("SIGCONT");
      return settled;
    });
  }

  test.each(damages)("%s is set aside, and they go on with a new one", async (_what, damage, left) => {
    const api = await bus.start({ name: "api" });
    const web = await bus.start({ name: "web" });
    for (let i = 0; i < 30; i++) await api.ok("dm", { to: "web", content: `note ${i} ${"x".repeat(500)}` });
    await whileTheySleep([api, web], damage);
    await until(
      "they go on",
      async () => {
        for (const one of [api, web])
          await one.call("dm", { to: one === api ? "web" : "api", content: "after" });
        const db = new Database(bus.file);
        try {
          return db.query("pragma quick_check").get() !== null && (await names(api)).length === 2;
        } catch {
          return false;
        } finally {
          db.close();
        }
      },
      25_000,
    );
    await until("mail flows again", async () => {
      await api.call("dm", { to: "web", content: "flows" });
      return (await bodies(web)).includes("flows");
    });
    const aside = readdirSync(bus.home).filter((name) => name.includes("damaged") && name.endsWith(".db"));
    expect(aside).toHaveLength(left);
  });
});

test.each([
  ["is no database", "This is my shopping list.\n".repeat(400)],
  ["is damaged", `SQLite format 3\0${"\u0001".repeat(9_000)}`],
])("a bus.db that %s at a start is moved aside as it is, and both are told", async (_what, text) => {
  mkdirSync(bus.home, { mode: 0o700 });
  writeFileSync(bus.file, text);
  const session = await bus.start({ name: "alice" });
  const { news } = (await session.ok("who")) as { news?: string };
  expect(news).toContain("was damaged");
  const [aside = ""] = readdirSync(bus.home).filter(
    (name) => name.includes("damaged") && name.endsWith(".db"),
  );
  expect(news).toContain(aside);
  expect(readFileSync(`${bus.home}/${aside}`, "utf8")).toBe(text);
  expect(await session.stderr.next((line) => line.startsWith("cc-dm: "))).toContain(bus.file);
});
