import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Bus } from "../../plugin/bus/bus.ts";
import { loadConfig } from "../../plugin/core/config.ts";
import { makeKeys } from "../../plugin/core/keys.ts";
import type { Session } from "../../plugin/core/model.ts";
import { bellPath } from "../../plugin/delivery/bell.ts";
import { type Life, live } from "../../plugin/delivery/life.ts";
import { wakeFile } from "../../plugin/delivery/wake.ts";
import type { ClientStatus } from "../../plugin/host/status.ts";
import { records, transcript } from "../fakes/hooked.ts";
import { connection, type House, house } from "../fakes/house.ts";
import { joining, place } from "../fakes/people.ts";

let home: House;
let folder: string;
const lives: Life[] = [];
/** What clients note of themselves. */
let status: ClientStatus | null;
beforeEach(async () => {
  home = await house();
  status = null;
  folder = dirname(home.path);
  for (const name of ["bells", "clients"]) mkdirSync(`${folder}/${name}`);
});
afterEach(async () => {
  for (const life of lives.splice(0)) life.end();
  await home.clock.pass(10);
});

interface Lived {
  readonly life: Life;
  readonly bus: Bus;
  readonly pushed: string[];
  readonly tidied: Session[][];
  /** As kill -9 would: no word to anybody. */
  die(): void;
}

/** A whole session, with a connection of its own, that takes channel events or is to be woken. */
async function come(
  env: Record<string, string> = {},
  { channel = true, wrap = (bus: Bus) => bus } = {},
): Promise<Lived> {
  const config = loadConfig({ env: { HOME: folder, CC_DM_HOME: folder, ...env }, args: [] });
  const keys = makeKeys();
  const {
    name: _,
    role: __,
    project: ___,
    startName: ____,
    startRole: _____,
    ...brought
  } = joining("folder", {}, keys);
  const bell = config.values.CC_DM_BELL ? bellPath(config.home.bells, keys.id) : null;
  const pushed: string[] = [];
  const tidied: Session[][] = [];
  const bus = wrap(await connection(home));
  let open = true;
  const life = await live({
    config,
    bus: { ...bus, end() {} },
    clock: home.clock,
    keys,
    log: home.log,
    base: { ...brought, bell },
    branch: () => "main",
    expectsHooks: false,
    standing: home.standing,
    channel: {
      ready: () => channel && open,
      async push(offers) {
        pushed.push(...offers.map((offer) => offer.message.body));
      },
      due: () => Promise.resolve(),
    },
    relay: null,
    clientStatus: () => status,
    tidy: (sessions) => void tidied.push([...sessions]),
  });
  lives.push(life);
  return {
    life,
    bus,
    pushed,
    tidied,
    die() {
      open = false;
      home.standings.set(keys.id, "gone");
    },
  };
}

const named = (name: string) => come({ CC_DM_SESSION_NAME: name, CC_DM_BELL: "off" });

test("a session comes as its settings say, or as its folder is called", async () => {
  const env = { CC_DM_SESSION_NAME: "api", CC_DM_SESSION_ROLE: "tests", CC_DM_SESSION_PROJECT: "shop" };
  expect((await come(env)).life.desk.self()).toMatchObject({ name: "api", role: "tests", project: "shop" });
  expect((await come()).life.desk.self()).toMatchObject({ name: "folder", role: "worker", project: null });
  expect((await come(env)).life.arrival).toMatchObject({
    session: { name: "api-2" },
    instead: { wanted: "api" },
  });
});

describe("a message arrives", () => {
  test("by the next poll, if no bell rings", async () => {
    const [lead, api] = [await named("lead"), await named("api")];
    await home.clock.pass(1000);
    await lead.life.desk.dm("api", { content: "hello" });
    await home.clock.pass(510);
    expect(api.pushed).toEqual(["hello"]);
  });

  test("that waited for a closed name, as soon as it is there again", async () => {
    const [lead, api] = [await named("lead"), await named("api")];
    api.life.end();
    await lead.life.desk.dm("api", { content: "hello" });
    const back = await named("api");
    await home.clock.pass(10);
    expect(back.pushed).toEqual(["hello"]);
  });

  test("by a bell at once, and no time needs to go by", async () => {
    const lead = await come({ CC_DM_SESSION_NAME: "lead" });
    const api = await come({ CC_DM_SESSION_NAME: "api" });
    await home.clock.pass(10);
    await lead.life.desk.dm("api", { content: "hello" });
    for (let n = 0; n < 200 && api.pushed.length === 0; n++) await home.clock.settle();
    expect(api.pushed).toEqual(["hello"]);
  });

  test("that was written while another look was under way", async () => {
    const lead = await named("lead");
    let slow = false;
    const wrap = (bus: Bus): Bus => ({
      ...bus,
      async news(id) {
        const found = await bus.news(id);
        if (!slow) return found;
        slow = false;
        await home.clock.sleep(700);
        return found;
      },
    });
    const api = await come({ CC_DM_SESSION_NAME: "api", CC_DM_BELL: "off" }, { wrap });
    await home.clock.pass(1000);
    await home.bus.filter(1, "mute", "anybody", true); // something for a look to notice
    slow = true;
    await home.clock.pass(500);
    expect(slow).toBe(false);
    await lead.life.desk.dm("api", { content: "meanwhile" });
    await home.clock.pass(2000);
    expect(api.pushed).toEqual(["meanwhile"]);
  });
});

describe("a client that is to be woken", () => {
  test("has its wake file touched, unless the settings say not to", async () => {
    const lead = await named("lead");
    for (const [wake, touched] of [
      ["on", true],
      ["off", false],
    ] as const) {
      const env = { CC_DM_SESSION_NAME: `wake-${wake}`, CC_DM_WAKE: wake, CC_DM_BELL: "off" };
      const { life } = await come(env, { channel: false });
      const { client } = life.desk.self();
      await home.bus.sight({ client, sessionId: null, transcript: null }, place);
      await home.clock.pass(1000);
      await lead.life.desk.dm(`wake-${wake}`, { content: "hello" });
      await home.clock.pass(1000);
      expect(existsSync(wakeFile(`${folder}/clients`, client, place))).toBe(touched);
    }
  });

  test("is woken by the sender, if its server died", async () => {
    const [lead, api] = [await named("lead"), await named("api")];
    const { id, client } = api.life.desk.self();
    home.standings.set(id, "deaf");
    const sent = await lead.life.desk.dm("api", { content: "hello" });
    expect(sent.recipients).toEqual([{ name: "api", presence: "deaf" }]);
    expect(existsSync(wakeFile(`${folder}/clients`, client, place))).toBe(true);
  });
});

describe("as time goes by", () => {
  test("a session says every half minute that it is there", async () => {
    const { life } = await named("api");
    await home.clock.pass(61_000);
    const row = await home.bus.session(life.desk.self().id);
    expect(home.clock.now() - (row?.beatAt ?? 0)).toBeLessThan(2000);
    expect(row?.branch).toBe("main");
  });

  test("an idle one writes nothing else", async () => {
    await named("api");
    await home.clock.pass(5000);
    home.bus.changed();
    let writes = 0;
    for (let n = 0; n < 120; n++) {
      await home.clock.pass(500);
      if (home.bus.changed()) writes++;
    }
    expect(writes).toBe(2); // two heartbeats in a minute
  });

  test("a sender is told within two seconds that its message expired unread", async () => {
    const [lead, api] = [await named("lead"), await come({ CC_DM_SESSION_NAME: "api" }, { channel: false })];
    const { message_id } = await lead.life.desk.dm("api", { content: "hello", ttl_s: 20 });
    await home.clock.pass(20_000);
    expect(lead.pushed).toEqual([]);
    await home.clock.pass(2000);
    expect(lead.pushed).toEqual([expect.stringContaining(`Your message ${message_id} expired after 20 s.`)]);
    expect(api.pushed).toEqual([]);
  });

  test("somebody else tells a sender that came back, if it was gone meanwhile", async () => {
    const lead = await named("lead");
    await come({ CC_DM_SESSION_NAME: "api" }, { channel: false });
    await lead.life.desk.dm("api", { content: "hello", ttl_s: 20 });
    lead.life.end();
    await home.clock.pass(70_000);
    const back = await named("lead");
    await home.clock.pass(1000);
    expect(back.pushed).toEqual([expect.stringContaining("expired after 20 s.")]);
  });

  test("an hour on, sessions that are gone are closed and their leavings tidied up", async () => {
    const [lead, dead] = [await named("lead"), await named("dead")];
    const { id } = dead.life.desk.self();
    dead.life.end();
    const silent = await named("silent");
    silent.die();
    await home.clock.pass(3_600_500);
    expect(lead.tidied.length).toBeGreaterThan(0);
    expect(lead.tidied[0]?.map((session) => session.id)).not.toContain(id);
  });
});

describe("what it does and how it is reached", () => {
  const row = async ({ life }: Lived) => (await home.bus.session(life.desk.self().id))?.condition;
  const heard = async ({ life }: Lived, transcript: string | null = "/nowhere/t.jsonl") =>
    home.bus.sight({ client: life.desk.self().client, sessionId: null, transcript }, place);

  test("is told to the others: by push, by wake once its client watches the file, with its next turn, by inbox", async () => {
    const pushed = await named("pushed");
    const silent = await come({ CC_DM_SESSION_NAME: "silent", CC_DM_BELL: "off" }, { channel: false });
    const woken = await come({ CC_DM_SESSION_NAME: "woken", CC_DM_BELL: "off" }, { channel: false });
    const turns = await come({ CC_DM_SESSION_NAME: "turns", CC_DM_WAKE: "off" }, { channel: false });
    await heard(woken);
    await heard(turns);
    await home.clock.pass(1000);
    const reaches = await Promise.all(
      [pushed, silent, woken, turns].map(async (one) => (await row(one))?.reach),
    );
    expect(reaches).toEqual(["push", "pull", "wake", "turn"]);
  });

  test("is corrected by its client's own note, within a poll", async () => {
    const api = await named("api");
    await heard(api);
    api.life.hooks.doing.note({ kind: "turn" });
    await home.clock.pass(1000);
    expect((await row(api))?.activity?.state).toBe("busy");
    status = { status: "idle", at: home.clock.now(), waitingFor: null };
    await home.clock.pass(600);
    expect((await row(api))?.activity?.state).toBe("idle");
  });

  test("is idle after /clear and /resume, which a hook outside this process tells", async () => {
    const api = await named("api");
    await heard(api);
    api.life.hooks.doing.note({ kind: "turn" });
    await home.clock.pass(1000);
    await home.bus.follow(api.life.desk.self().id, "another conversation");
    await home.clock.pass(1000);
    expect((await row(api))?.activity?.state).toBe("idle");
  });

  test("is told again in full when its row was lost", async () => {
    const api = await named("api");
    await heard(api);
    api.life.hooks.doing.note({ kind: "turn" });
    await home.clock.pass(1000);
    const db = new Database(home.path);
    for (const table of ["session_name", "session"]) db.run(`delete from ${table}`);
    db.close();
    await home.clock.pass(31_000);
    expect((await home.bus.named("api"))?.condition).toMatchObject({
      reach: "push",
      activity: { state: "busy" },
    });
  });
});

describe("who asked not to be disturbed", () => {
  test("is told of by the roster, is not woken, and is when that is over", async () => {
    const lead = await named("lead");
    const { life } = await come({ CC_DM_SESSION_NAME: "api", CC_DM_BELL: "off" }, { channel: false });
    const { id, client } = life.desk.self();
    await home.bus.sight({ client, sessionId: null, transcript: "/t.jsonl" }, place);
    await home.clock.pass(1000);
    const until = home.clock.now() + 60_000;
    life.quiet(until);
    await home.clock.settle();
    expect((await home.bus.session(id))?.condition?.quietUntil).toBe(until);
    const { note } = await lead.life.desk.dm("api", { content: "hello" });
    expect(note).toContain("does not want to be disturbed");
    const file = wakeFile(`${folder}/clients`, client, place);
    await home.clock.pass(59_000);
    expect(existsSync(file)).toBe(false);
    await home.clock.pass(2000);
    expect(existsSync(file)).toBe(true);
    expect((await home.bus.session(id))?.condition?.quietUntil).toBeNull();
  });
});

describe("a sender that asked to hear", () => {
  test("is told by the next poll that its message was seen", async () => {
    const [lead, api] = [await named("lead"), await named("api")];
    await home.clock.pass(1000);
    await lead.life.desk.dm("api", { content: "x", notify: "seen" });
    await home.clock.pass(600);
    await home.bus.seenBy(api.life.desk.self().id, "channel", "read");
    await home.clock.pass(1100);
    expect(lead.pushed).toEqual([expect.stringContaining("api has seen it")]);
  });

  test("is told within half a minute that its reader was killed", async () => {
    const [lead, api] = [await named("lead"), await come({ CC_DM_SESSION_NAME: "api" }, { channel: false })];
    await home.clock.pass(1000);
    await lead.life.desk.dm("api", { content: "x", notify: "idle" });
    api.die();
    await home.clock.pass(31_000);
    expect(lead.pushed).toEqual([expect.stringContaining("api is closed and has not seen your message")]);
  });
});

describe("a session that starts", () => {
  test("does not show again what its predecessor's transcript shows as read", async () => {
    const lead = await named("lead");
    const api = await come({ CC_DM_SESSION_NAME: "api" }, { channel: false });
    const file = transcript();
    const self = api.life.desk.self();
    await home.bus.sight({ client: self.client, sessionId: null, transcript: file.path }, place);
    for (const content of ["read", "unread"]) await lead.life.desk.dm("api", { content });
    const [read] = await home.bus.claim({ session: self, path: "wake", limit: 2 });
    file.add(records.wake(read?.token ?? ""));
    file.add(records.answer());
    api.life.end();
    const back = await named("api");
    await home.clock.pass(1000);
    expect(back.pushed).toEqual(["unread"]);
  });

  test("knows who else is there, and its person hears once of a name that became another", async () => {
    await named("api");
    const second = await named("api");
    expect(second.life.company.map((one) => one.name)).toEqual(["api"]);
    expect(second.life.hooks.greeting()).toContain('this session is "api-2"');
    expect(second.life.hooks.greeting()).toBeNull();
  });
});

test("mail that does not fit into a turn is fetched by a wake in the middle of it", async () => {
  const lead = await named("lead");
  const { life } = await come({ CC_DM_SESSION_NAME: "api", CC_DM_BELL: "off" }, { channel: false });
  const { client } = life.desk.self();
  await home.bus.sight({ client, sessionId: null, transcript: "/t.jsonl" }, place);
  life.hooks.doing.note({ kind: "turn" });
  await home.clock.pass(1000);
  await lead.life.desk.dm("api", { content: "x" });
  await home.clock.pass(2000);
  const file = wakeFile(`${folder}/clients`, client, place);
  expect(existsSync(file)).toBe(false); // its hooks are given their time
  life.hooks.tooLong(true);
  await home.clock.pass(10);
  expect(existsSync(file)).toBe(true);
});

describe("at its end", () => {
  test("a session is off the roster, its bell is gone, and it looks no more", async () => {
    const lead = await named("lead");
    const api = await come({ CC_DM_SESSION_NAME: "api" });
    const { id, bell } = api.life.desk.self();
    expect(existsSync(bell ?? "")).toBe(true);
    api.life.end();
    expect((await home.bus.session(id))?.closedAt).toBe(home.clock.now());
    expect(existsSync(bell ?? "")).toBe(false);
    await lead.life.desk.dm("api", { content: "late" });
    await home.clock.pass(60_000);
    expect(api.pushed).toEqual([]);
    expect((await home.bus.session(id))?.closedAt).not.toBeNull();
  });
});

test("a bell that cannot be hung is noted, and the poll serves", async () => {
  const lead = await named("lead");
  rmSync(`${folder}/bells`, { recursive: true });
  const api = await come({ CC_DM_SESSION_NAME: "api" });
  expect(home.logged.map((one) => one.event)).toContain("bell_failed");
  await lead.life.desk.dm("api", { content: "hello" });
  await home.clock.pass(1000);
  expect(api.pushed).toEqual(["hello"]);
});
