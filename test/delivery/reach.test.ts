import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { wakeFile } from "../../plugin/host/wake.ts";
import { place } from "../fakes/people.ts";
import { type Lived, type Street, street } from "../fakes/street.ts";

let at: Street;
beforeEach(async () => {
  at = await street();
});
afterEach(() => at.end());

describe("what it does and how it is reached", () => {
  const row = async ({ life }: Lived) => (await at.home.bus.session(life.desk.self().id))?.condition;
  const heard = async ({ life }: Lived, transcript: string | null = "/nowhere/t.jsonl") =>
    at.home.bus.sight({ client: life.desk.self().client, sessionId: null, transcript }, place);

  test("is told to the others: by push, by wake once its client watches the file, with its next turn, by inbox", async () => {
    const pushed = await at.named("pushed");
    const silent = await at.come({ CC_DM_SESSION_NAME: "silent", CC_DM_BELL: "off" }, { channel: false });
    const woken = await at.come({ CC_DM_SESSION_NAME: "woken", CC_DM_BELL: "off" }, { channel: false });
    const turns = await at.come({ CC_DM_SESSION_NAME: "turns", CC_DM_WAKE: "off" }, { channel: false });
    await heard(woken);
    await heard(turns);
    await at.home.clock.pass(2500);
    const reaches = await Promise.all(
      [pushed, silent, woken, turns].map(async (one) => (await row(one))?.reach),
    );
    expect(reaches).toEqual(["push", "pull", "wake", "turn"]);
  });

  test("is corrected by its client's own note, within a poll", async () => {
    const api = await at.named("api");
    await heard(api);
    api.life.hooks.doing.note({ kind: "turn" });
    await at.home.clock.pass(1000);
    expect((await row(api))?.activity?.state).toBe("busy");
    at.status = { status: "idle", at: at.home.clock.now(), waitingFor: null };
    await at.home.clock.pass(600);
    expect((await row(api))?.activity?.state).toBe("idle");
  });

  test("is idle after /clear and /resume, which a hook outside this process tells", async () => {
    const api = await at.named("api");
    await heard(api);
    api.life.hooks.doing.note({ kind: "turn" });
    await at.home.clock.pass(1000);
    await at.home.bus.follow(api.life.desk.self().id, "another conversation");
    await at.home.clock.pass(1000);
    expect((await row(api))?.activity?.state).toBe("idle");
  });

  test("is told again in full when its row was lost", async () => {
    const api = await at.named("api");
    await heard(api);
    api.life.hooks.doing.note({ kind: "turn" });
    await at.home.clock.pass(1000);
    const db = new Database(at.home.path);
    for (const table of ["session_name", "session"]) db.run(`delete from ${table}`);
    db.close();
    await at.home.clock.pass(31_000);
    expect((await at.home.bus.named("api"))?.condition).toMatchObject({
      reach: "push",
      activity: { state: "busy" },
    });
  });
});

describe("who asked not to be disturbed", () => {
  test("is told of by the roster, is not woken, and is when that is over", async () => {
    const lead = await at.named("lead");
    const { life } = await at.come({ CC_DM_SESSION_NAME: "api", CC_DM_BELL: "off" }, { channel: false });
    const { id, client } = life.desk.self();
    await at.home.bus.sight({ client, sessionId: null, transcript: "/t.jsonl" }, place);
    await at.home.clock.pass(1000);
    const until = at.home.clock.now() + 60_000;
    life.quiet(until);
    await at.home.clock.settle();
    expect((await at.home.bus.session(id))?.condition?.quietUntil).toBe(until);
    const { note } = await lead.life.desk.dm("api", { content: "hello" });
    expect(note).toContain("does not want to be disturbed");
    const file = wakeFile(`${at.folder}/clients`, client, place);
    await at.home.clock.pass(59_000);
    expect(existsSync(file)).toBe(false);
    await at.home.clock.pass(2000);
    expect(existsSync(file)).toBe(true);
    expect((await at.home.bus.session(id))?.condition?.quietUntil).toBeNull();
  });
});

describe("a sender that asked to hear", () => {
  test("is told by the next poll that its message was seen", async () => {
    const [lead, api] = [await at.named("lead"), await at.named("api")];
    await at.home.clock.pass(1000);
    await lead.life.desk.dm("api", { content: "x", notify: "seen" });
    await at.home.clock.pass(600);
    await at.home.bus.seenBy(api.life.desk.self().id, "channel", "read");
    await at.home.clock.pass(1100);
    expect(lead.pushed).toEqual([expect.stringContaining("api has seen it")]);
  });

  test("is told within half a minute that its reader was killed", async () => {
    const [lead, api] = [
      await at.named("lead"),
      await at.come({ CC_DM_SESSION_NAME: "api" }, { channel: false }),
    ];
    await at.home.clock.pass(1000);
    await lead.life.desk.dm("api", { content: "x", notify: "idle" });
    api.die();
    await at.home.clock.pass(31_000);
    expect(lead.pushed).toEqual([expect.stringContaining("api is closed and has not seen your message")]);
  });
});

test("mail that does not fit into a turn is fetched by a wake in the middle of it", async () => {
  const lead = await at.named("lead");
  const { life } = await at.come({ CC_DM_SESSION_NAME: "api", CC_DM_BELL: "off" }, { channel: false });
  const { client } = life.desk.self();
  await at.home.bus.sight({ client, sessionId: null, transcript: "/t.jsonl" }, place);
  life.hooks.doing.note({ kind: "turn" });
  await at.home.clock.pass(1000);
  await lead.life.desk.dm("api", { content: "x" });
  await at.home.clock.pass(2000);
  const file = wakeFile(`${at.folder}/clients`, client, place);
  expect(existsSync(file)).toBe(false); // its hooks are given their time
  life.hooks.tooLong(true);
  await at.home.clock.pass(10);
  expect(existsSync(file)).toBe(true);
});
