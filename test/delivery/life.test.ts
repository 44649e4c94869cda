import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, rmSync } from "node:fs";
import type { Bus } from "../../plugin/bus/bus.ts";
import { wakeFile } from "../../plugin/host/wake.ts";
import { records, transcript } from "../fakes/hooked.ts";
import { place } from "../fakes/people.ts";
import { type Lived, type Street, street } from "../fakes/street.ts";

let at: Street;
beforeEach(async () => {
  at = await street();
});
afterEach(() => at.end());

test("a session comes as its settings say, or as its folder is called", async () => {
  const env = { CC_DM_SESSION_NAME: "api", CC_DM_SESSION_ROLE: "tests", CC_DM_SESSION_PROJECT: "shop" };
  expect((await at.come(env)).life.desk.self()).toMatchObject({
    name: "api",
    role: "tests",
    project: "shop",
  });
  expect((await at.come()).life.desk.self()).toMatchObject({ name: "folder", role: "worker", project: null });
  expect((await at.come(env)).life.arrival).toMatchObject({
    session: { name: "api-2" },
    instead: { wanted: "api" },
  });
});

test.each(["roster", "unproven"] as const)(
  "one that cannot read the bus after it joined (%s) leaves nothing of itself",
  async (what) => {
    const lead = await at.named("lead");
    const wrap = (bus: Bus): Bus => ({ ...bus, [what]: () => Promise.reject(new Error("locked")) });
    await expect(at.come({ CC_DM_SESSION_NAME: "api" }, { wrap })).rejects.toThrow("locked");
    await at.home.clock.pass(2000);
    expect(readdirSync(`${at.folder}/bells`)).toEqual([]);
    expect((await lead.bus.roster()).map(({ name }) => name)).toEqual(["lead"]);
  },
);

describe("a message arrives", () => {
  test("by the next poll, if no bell rings", async () => {
    const [lead, api] = [await at.named("lead"), await at.named("api")];
    await at.home.clock.pass(1000);
    await lead.life.desk.dm("api", { content: "hello" });
    await at.home.clock.pass(510);
    expect(api.pushed).toEqual(["hello"]);
  });

  test("that waited for a closed name, as soon as it is there again", async () => {
    const [lead, api] = [await at.named("lead"), await at.named("api")];
    api.life.end();
    await lead.life.desk.dm("api", { content: "hello" });
    const back = await at.named("api");
    await at.home.clock.pass(10);
    expect(back.pushed).toEqual(["hello"]);
  });

  test("by a bell at once, and no time needs to go by", async () => {
    const lead = await at.come({ CC_DM_SESSION_NAME: "lead" });
    const api = await at.come({ CC_DM_SESSION_NAME: "api" });
    await at.home.clock.pass(10);
    await lead.life.desk.dm("api", { content: "hello" });
    for (let n = 0; n < 200 && api.pushed.length === 0; n++) await at.home.clock.settle();
    expect(api.pushed).toEqual(["hello"]);
  });

  test("that was written while another look was under way", async () => {
    const lead = await at.named("lead");
    let slow = false;
    const wrap = (bus: Bus): Bus => ({
      ...bus,
      async news(id) {
        const found = await bus.news(id);
        if (!slow) return found;
        slow = false;
        await at.home.clock.sleep(700);
        return found;
      },
    });
    const api = await at.come({ CC_DM_SESSION_NAME: "api", CC_DM_BELL: "off" }, { wrap });
    await at.home.clock.pass(1000);
    await at.home.bus.filter(1, "mute", "anybody", true); // something for a look to notice
    slow = true;
    await at.home.clock.pass(500);
    expect(slow).toBe(false);
    await lead.life.desk.dm("api", { content: "meanwhile" });
    await at.home.clock.pass(2000);
    expect(api.pushed).toEqual(["meanwhile"]);
  });
});

test("a ring that brings no mail is taken for a command's, at once; one that brings some is not", async () => {
  const lead = await at.come({ CC_DM_SESSION_NAME: "lead" });
  const api = await at.come({ CC_DM_SESSION_NAME: "api" });
  await at.home.clock.pass(10);
  const before = api.errandLooks();
  await lead.life.desk.dm("api", { content: "hello" });
  for (let n = 0; n < 200 && api.pushed.length === 0; n++) await at.home.clock.settle();
  await at.home.clock.pass(10);
  expect([api.pushed, api.errandLooks()]).toEqual([["hello"], before]);
  await lead.life.desk.nudge(api.life.desk.self().id);
  for (let n = 0; n < 200 && api.errandLooks() === before; n++) await at.home.clock.settle();
  expect(api.errandLooks()).toBe(before + 1);
});

describe("a client that is to be woken", () => {
  test("has its wake file touched, unless the settings say not to", async () => {
    const lead = await at.named("lead");
    for (const [wake, touched] of [
      ["on", true],
      ["off", false],
    ] as const) {
      const env = { CC_DM_SESSION_NAME: `wake-${wake}`, CC_DM_WAKE: wake, CC_DM_BELL: "off" };
      const { life } = await at.come(env, { channel: false });
      const { client } = life.desk.self();
      await at.home.bus.sight({ client, sessionId: null, transcript: null }, place);
      await at.home.clock.pass(1000);
      await lead.life.desk.dm(`wake-${wake}`, { content: "hello" });
      await at.home.clock.pass(1000);
      expect(existsSync(wakeFile(`${at.folder}/clients`, client, place))).toBe(touched);
    }
  });

  test("is woken by the sender, if its server died", async () => {
    const [lead, api] = [await at.named("lead"), await at.named("api")];
    const { id, client } = api.life.desk.self();
    at.home.standings.set(id, "deaf");
    const sent = await lead.life.desk.dm("api", { content: "hello" });
    expect(sent.recipients).toEqual([{ name: "api", presence: "deaf" }]);
    expect(existsSync(wakeFile(`${at.folder}/clients`, client, place))).toBe(true);
  });
});

describe("what a client does whose SessionStart hook was heard", () => {
  const started = async () => {
    const api = await at.come({ CC_DM_SESSION_NAME: "api", CC_DM_BELL: "off" }, { channel: false });
    await at.home.clock.pass(1000);
    expect(api.life.condition().activity).toBeNull();
    return api;
  };
  const hear = async ({ life }: Lived) => {
    const { client } = life.desk.self();
    await at.home.bus.sight({ client, sessionId: null, transcript: "/nowhere/t.jsonl" }, place);
    await at.home.clock.pass(500);
  };

  test("is nothing yet, as long as no prompt came", async () => {
    const api = await started();
    await hear(api);
    expect(api.life.condition().activity?.state).toBe("idle");
  });

  test("is a turn, if it was started with a prompt", async () => {
    const api = await started();
    at.status = { status: "busy", at: at.home.clock.now(), waitingFor: null };
    await hear(api);
    expect(api.life.condition().activity?.state).toBe("busy");
  });

  test("is what its hooks told before, if they did", async () => {
    const api = await started();
    api.life.hooks.doing.note({ kind: "turn" });
    await hear(api);
    expect(api.life.condition().activity?.state).toBe("busy");
  });

  test("is not guessed again later: a turn that is silent for long may be anything", async () => {
    const api = await started();
    await hear(api);
    api.life.hooks.doing.note({ kind: "turn" });
    await at.home.clock.pass(11 * 60_000);
    expect(api.life.condition().activity).toBeNull();
    await hear(api);
    expect(api.life.condition().activity).toBeNull();
  });
});

describe("as time goes by", () => {
  test("a session says every half minute that it is there", async () => {
    const { life } = await at.named("api");
    await at.home.clock.pass(61_000);
    const row = await at.home.bus.session(life.desk.self().id);
    expect(at.home.clock.now() - (row?.beatAt ?? 0)).toBeLessThan(2000);
    expect(row?.branch).toBe("main");
  });

  test("an idle one writes nothing else", async () => {
    await at.named("api");
    await at.home.clock.pass(5000);
    at.home.bus.changed();
    let writes = 0;
    for (let n = 0; n < 120; n++) {
      await at.home.clock.pass(500);
      if (at.home.bus.changed()) writes++;
    }
    expect(writes).toBe(2); // two heartbeats in a minute
  });

  test("a sender is told within two seconds that its message expired unread", async () => {
    const [lead, api] = [
      await at.named("lead"),
      await at.come({ CC_DM_SESSION_NAME: "api" }, { channel: false }),
    ];
    const { message_id } = await lead.life.desk.dm("api", { content: "hello", ttl_s: 20 });
    await at.home.clock.pass(20_000);
    expect(lead.pushed).toEqual([]);
    await at.home.clock.pass(2000);
    expect(lead.pushed).toEqual([expect.stringContaining(`Your message ${message_id} expired after 20 s.`)]);
    expect(api.pushed).toEqual([]);
  });

  test("and soon, though somebody else who looked a moment before has the lease", async () => {
    const lead = await at.named("lead");
    await at.come({ CC_DM_SESSION_NAME: "api" }, { channel: false });
    await lead.life.desk.dm("api", { content: "hello", ttl_s: 20 });
    await at.home.clock.pass(19_900);
    expect(await at.home.bus.overdue("another, which dies")).toEqual([]); // takes the lease, for five seconds
    await at.home.clock.pass(5000);
    expect(lead.pushed).toEqual([]);
    await at.home.clock.pass(2000);
    expect(lead.pushed).toEqual([expect.stringContaining("expired after 20 s.")]);
  });

  test("somebody else tells a sender that came back, if it was gone meanwhile", async () => {
    const lead = await at.named("lead");
    await at.come({ CC_DM_SESSION_NAME: "api" }, { channel: false });
    await lead.life.desk.dm("api", { content: "hello", ttl_s: 20 });
    lead.life.end();
    await at.home.clock.pass(70_000);
    const back = await at.named("lead");
    await at.home.clock.pass(1000);
    expect(back.pushed).toEqual([expect.stringContaining("expired after 20 s.")]);
  });

  test("an hour on, sessions that are gone are closed and their leavings tidied up", async () => {
    const [lead, dead] = [await at.named("lead"), await at.named("dead")];
    const { id } = dead.life.desk.self();
    dead.life.end();
    const silent = await at.named("silent");
    silent.die();
    await at.home.clock.pass(3_600_500);
    expect(lead.tidied.length).toBeGreaterThan(0);
    expect(lead.tidied[0]?.map((session) => session.id)).not.toContain(id);
    expect((await at.home.bus.session(silent.life.desk.self().id))?.closedAt).toEqual(expect.any(Number));
  });
});

describe("a session that starts", () => {
  test("does not show again what its predecessor's transcript shows as read", async () => {
    const lead = await at.named("lead");
    const api = await at.come({ CC_DM_SESSION_NAME: "api" }, { channel: false });
    const file = transcript();
    const self = api.life.desk.self();
    await at.home.bus.sight({ client: self.client, sessionId: null, transcript: file.path }, place);
    for (const content of ["read", "unread"]) await lead.life.desk.dm("api", { content });
    const [read] = await at.home.bus.claim({ session: self, path: "wake", limit: 2 });
    file.add(records.wake(read?.token ?? ""));
    file.add(records.answer());
    api.life.end();
    const back = await at.named("api");
    await at.home.clock.pass(1000);
    expect(back.pushed).toEqual(["unread"]);
  });

  test("knows who else is there, and its person hears once of a name that became another", async () => {
    await at.named("api");
    const second = await at.named("api");
    expect(second.life.company.map((one) => one.name)).toEqual(["api"]);
    expect(second.life.hooks.greeting()).toContain('this session is "api-2"');
    expect(second.life.hooks.greeting()).toBeNull();
  });
});

describe("at its end", () => {
  test("a session is off the roster, its bell is gone, and it looks no more", async () => {
    const lead = await at.named("lead");
    const api = await at.come({ CC_DM_SESSION_NAME: "api" });
    const { id, bell } = api.life.desk.self();
    expect(existsSync(bell ?? "")).toBe(true);
    api.life.end();
    expect((await at.home.bus.session(id))?.closedAt).toBe(at.home.clock.now());
    expect(existsSync(bell ?? "")).toBe(false);
    await lead.life.desk.dm("api", { content: "late" });
    await at.home.clock.pass(60_000);
    expect(api.pushed).toEqual([]);
    expect((await at.home.bus.session(id))?.closedAt).not.toBeNull();
  });
});

test("a bell that cannot be hung is noted, and the poll serves", async () => {
  const lead = await at.named("lead");
  rmSync(`${at.folder}/bells`, { recursive: true });
  const api = await at.come({ CC_DM_SESSION_NAME: "api" });
  expect(at.home.logged.map((one) => one.event)).toContain("bell_failed");
  await lead.life.desk.dm("api", { content: "hello" });
  await at.home.clock.pass(1000);
  expect(api.pushed).toEqual(["hello"]);
});
