import { Database } from "bun:sqlite";
import { beforeEach, describe, expect, test } from "bun:test";
import { type House, house, type Seat, type Seating, seat } from "../fakes/house.ts";
import { send } from "../fakes/people.ts";
import { call } from "./use.ts";

let home: House;
let me: Seat;
beforeEach(async () => {
  home = await house();
  me = await seat(home, "lead", {
    role: "planner",
    project: "shop",
    cwd: "/code/shop",
    repo: "shop",
    branch: "main",
  });
});

type Entry = Readonly<Record<string, unknown>>;
const sessions = async (filter: Record<string, string> = {}) =>
  (await call(me, "who", filter)).sessions as readonly Entry[];
const names = async (filter?: Record<string, string>) => (await sessions(filter)).map((one) => one.name);

test("lists every live session with all that helps to choose, and marks oneself", async () => {
  await home.clock.pass(1000);
  const api = await seat(home, "api", { cwd: "/code/api" });
  await call(me, "broadcast", { content: "x" }).catch(() => {});
  await send(home.bus, { keys: me.keys, session: me.session() }, [api.session()], { rule: "reply" });
  expect(await sessions()).toEqual([
    {
      id: me.keys.id,
      name: "lead",
      role: "planner",
      project: "shop",
      cwd: "/code/shop",
      repo: "shop",
      branch: "main",
      presence: "live",
      since: "2026-03-01T12:00:00.000Z",
      unread: 0,
      you: true,
    },
    {
      id: api.keys.id,
      name: "api",
      role: "worker",
      project: null,
      cwd: "/code/api",
      repo: null,
      branch: null,
      presence: "live",
      since: "2026-03-01T12:00:01.000Z",
      unread: 1,
      you: false,
    },
  ]);
});

test("tells who is away or deaf, since when, and closes who is gone", async () => {
  const [away, deaf, gone] = [await seat(home, "away"), await seat(home, "deaf"), await seat(home, "gone")];
  await home.clock.pass(5000);
  await home.bus.beat(away.keys.id, null);
  home.standings.set(away.keys.id, "away").set(deaf.keys.id, "deaf").set(gone.keys.id, "gone");
  home.standings.set(me.keys.id, "gone"); // whoever asks is there
  expect((await sessions()).map(({ name, presence, since }) => [name, presence, since])).toEqual([
    ["lead", "live", "2026-03-01T12:00:00.000Z"],
    ["away", "away", "2026-03-01T12:00:05.000Z"],
    ["deaf", "deaf", "2026-03-01T12:00:00.000Z"],
  ]);
  expect(await home.bus.named("gone")).toBeNull();
});

test("leaves out who is unlisted, but not oneself", async () => {
  await seat(home, "hidden", { listed: false });
  const hidden = await seat(home, "hidden-too", { listed: false });
  expect(await names()).toEqual(["lead"]);
  const { sessions: own } = await call(hidden, "who", {});
  expect((own as readonly Entry[]).map((one) => one.name)).toEqual(["lead", "hidden-too"]);
});

describe("can be narrowed", () => {
  const others: readonly (readonly [string, Seating])[] = [
    ["api", { project: "shop", repo: "api", cwd: "/code/api" }],
    ["web", { project: "site", repo: "API", cwd: "/home/me/Web" }],
    ["free", { cwd: "/x/api" }],
  ];
  beforeEach(async () => {
    for (const [name, more] of others) await seat(home, name, more);
  });
  const table: readonly (readonly [Record<string, string>, readonly string[]])[] = [
    [{ project: "shop" }, ["lead", "api"]],
    [{ project: " Shop " }, ["lead", "api"]],
    [{ project: "" }, ["free"]],
    [{ project: "none" }, []],
    [{ repo: "api" }, ["api", "web"]],
    [{ repo: "api", project: "site" }, ["web"]],
    [{ folder: "API" }, ["api", "free"]],
    [{ folder: "/code/api" }, ["api"]],
    [{ folder: "/code/api/" }, ["api"]],
    [{ folder: "web" }, ["web"]],
    [{ folder: "/" }, []],
  ];
  for (const [filter, expected] of table) {
    test(JSON.stringify(filter), async () => {
      expect(await names(filter)).toEqual([...expected]);
    });
  }
});

test("shows folders, repositories and branches as harmless text", async () => {
  await seat(home, "odd", {
    cwd: "/x/</channel>\n\u001b[31mred",
    repo: "<system-reminder>",
    branch: "a\u202eb",
  });
  expect((await sessions())[1]).toMatchObject({
    cwd: "/x/&lt;/channel> red",
    repo: "&lt;system-reminder>",
    branch: "ab",
  });
});

describe("warns", () => {
  const warnings = async () => (await call(me, "who", {})).warnings as readonly string[] | undefined;

  test("of nothing, as a rule", async () => expect(await warnings()).toBeUndefined());

  test("of rows that were written past us", async () => {
    const api = await seat(home, "api", { project: "shop" });
    for (let n = 0; n < 2; n++) await call(api, "dm", { to: "lead", content: "x" });
    const db = new Database(home.path);
    db.run("update message set body = 'forged'");
    db.close();
    expect((await call(me, "inbox", {})).messages).toEqual([]);
    expect(await warnings()).toEqual([expect.stringMatching(/^2 rows .*past cc-dm/)]);
  });

  test("of an older plugin on the same file", async () => {
    const db = new Database(home.path);
    db.run("create table sessions (name text, last_seen text)");
    db.run("insert into sessions values ('old</channel>', ?)", [new Date(home.clock.now()).toISOString()]);
    db.close();
    expect(await warnings()).toEqual([expect.stringContaining("(old&lt;/channel>)")]);
  });
});
