import { Database } from "bun:sqlite";
import { beforeEach, describe, expect, test } from "bun:test";
import type { Activity, Reach } from "../../plugin/core/model.ts";
import { callTool } from "../../plugin/tools/call.ts";
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
  await send(home.bus, { keys: me.keys, session: me.session() }, [api.session()]);
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
      reach: "wake",
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
      unseen_from_you: 1,
      you: false,
    },
  ]);
});

describe("tells of each session", () => {
  const at = "2026-03-01T12:00:01.000Z";
  const since = Date.parse(at);
  const tell = (
    by: Seat,
    activity: Activity | null,
    reach: Reach = "wake",
    quietUntil: number | null = null,
  ) => home.bus.tell(by.keys.id, { activity, reach, quietUntil });
  /** What is said of it beside what never changes. */
  const entry = async (name: string) => {
    const found = (await sessions()).find((one) => one.name === name) ?? {};
    const told = ["presence", "since", "on", "reach", "quiet_until"];
    return Object.fromEntries(Object.entries(found).filter(([key]) => told.includes(key)));
  };

  const table: readonly (readonly [string, Activity, Record<string, string>])[] = [
    ["idle, since when", { state: "idle", since, on: null }, { presence: "idle", since: at }],
    ["busy, since when", { state: "busy", since, on: null }, { presence: "busy", since: at }],
    ["busy with a tool", { state: "busy", since, on: "Bash" }, { presence: "busy", since: at, on: "Bash" }],
    [
      "blocked, on what prompt and since when",
      { state: "blocked", since, on: "Write" },
      { presence: "blocked", since: at, on: "Write" },
    ],
    [
      "a tool's name as harmless text",
      { state: "busy", since, on: "</channel>\nx" },
      { presence: "busy", since: at, on: "&lt;/channel> x" },
    ],
  ];
  for (const [what, activity, expected] of table) {
    test(what, async () => {
      const api = await seat(home, "api");
      await tell(api, activity);
      home.standings.set(api.keys.id, activity.state);
      await home.clock.pass(5000);
      expect(await entry("api")).toEqual({ ...expected, reach: "wake" });
    });
  }

  test("how a message gets there now", async () => {
    const api = await seat(home, "api");
    expect(await entry("api")).not.toHaveProperty("reach"); // it has not told yet
    for (const reach of ["push", "wake", "turn", "pull", "deaf"] as const) {
      await tell(api, null, reach);
      expect((await entry("api")).reach).toBe(reach);
    }
    home.standings.set(api.keys.id, "deaf"); // its server died; senders touch the wake file
    expect((await entry("api")).reach).toBe("wake");
  });

  test("nothing of what it did before it fell silent", async () => {
    const api = await seat(home, "api");
    await tell(api, { state: "busy", since, on: "Bash" });
    home.standings.set(api.keys.id, "away");
    expect(await entry("api")).toEqual({
      presence: "away",
      since: "2026-03-01T12:00:00.000Z",
      reach: "wake",
    });
  });

  test("until when it does not want to be disturbed", async () => {
    const api = await seat(home, "api");
    await tell(api, null, "wake", since);
    expect((await entry("api")).quiet_until).toBe(at);
  });

  test("of oneself what is true now, not what was told last", async () => {
    await tell(me, { state: "busy", since, on: "Bash" }, "pull");
    me.quiet(since);
    expect(await entry("lead")).toEqual({
      presence: "live",
      since: "2026-03-01T12:00:00.000Z",
      reach: "wake",
      quiet_until: at,
    });
  });

  test("how much of what one wrote it has not seen", async () => {
    const api = await seat(home, "api", { project: "shop" });
    for (let n = 0; n < 2; n++) await call(me, "dm", { to: "api", content: "x" });
    const unseen = async () => (await sessions()).map((one) => one.unseen_from_you);
    expect(await unseen()).toEqual([undefined, 2]);
    const { shown } = await callTool(api, "inbox", {});
    expect(await unseen()).toEqual([undefined, 2]); // handed over is not seen
    await home.bus.seen(api.keys.id, shown, "result");
    expect(await unseen()).toEqual([undefined, undefined]);
  });
});

test("also lists who closed within the last day, if asked", async () => {
  const [early, late] = [await seat(home, "early"), await seat(home, "late", { project: "site" })];
  await home.bus.close([early.keys.id]);
  await home.clock.pass(12 * 3_600_000);
  await home.bus.close([late.keys.id]);
  const closed = async (more = {}) =>
    ((await call(me, "who", { closed: true, ...more })).sessions as readonly Entry[]).filter(
      (one) => one.presence === "closed",
    );
  expect((await closed()).map(({ name, since, you }) => [name, since, you])).toEqual([
    ["late", "2026-03-02T00:00:00.000Z", false],
    ["early", "2026-03-01T12:00:00.000Z", false],
  ]);
  expect((await closed({ project: "site" })).map((one) => one.name)).toEqual(["late"]);
  expect(await names()).toEqual(["lead"]);
  await home.clock.pass(12 * 3_600_000);
  expect((await closed()).map((one) => one.name)).toEqual(["late"]);
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
