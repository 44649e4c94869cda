import { Database } from "bun:sqlite";
import { beforeEach, describe, expect, test } from "bun:test";
import type { Bus } from "../../plugin/bus/bus.ts";
import { type Membership, membership } from "../../plugin/delivery/membership.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { place } from "../fakes/people.ts";

let home: House;
let api: Seat;
let lead: Seat;
let member: Membership;
let branch: string | null;
let forgotten: number;
beforeEach(async () => {
  home = await house();
  api = await seat(home, "api", { role: "lead", startRole: "lead", project: "shop", clientSession: "c-1" });
  lead = await seat(home, "lead", { project: "shop" });
  branch = "main";
  forgotten = 0;
  member = memberBy(home.bus);
});

function memberBy(bus: Bus): Membership {
  const { name: _, role: __, project: ___, startName: ____, startRole: _____, ...base } = api.session();
  return membership({
    bus,
    standing: home.standing,
    desk: api.desk,
    base,
    branch: () => branch,
    log: home.log,
    joinedAgain: () => void forgotten++,
  });
}

const row = () => home.bus.session(api.keys.id);

test("a heartbeat says that one is there, and where the work stands in git", async () => {
  await home.clock.pass(30_000);
  branch = "feature";
  await member.beat();
  expect(await row()).toMatchObject({ beatAt: home.clock.now(), branch: "feature" });
  branch = null;
  await member.beat();
  expect((await row())?.branch).toBeNull();
});

describe("whoever finds its row closed", () => {
  const gone = () => home.bus.close([api.keys.id]);

  for (const [how, find] of [
    ["by its heartbeat", () => member.beat()],
    ["by a look", () => member.refresh()],
  ] as const) {
    test(`${how} is there again under all it was, with its mail`, async () => {
      await lead.desk.dm("api", { content: "x" });
      await gone();
      await find();
      expect(await home.bus.named("api")).toMatchObject({
        id: api.keys.id,
        role: "lead",
        startRole: "lead",
        project: "shop",
        closedAt: null,
      });
      expect(await home.bus.unread(api.session())).toBe(1);
      expect(home.logged).toEqual([{ event: "joined_again", fields: { name: "api" } }]);
      expect(forgotten).toBe(1); // its new row says nothing of what it does
    });
  }

  test("keeps the name it took meanwhile", async () => {
    await api.desk.rename({ name: "backend", role: "tests", project: null });
    await gone();
    await member.beat();
    expect(api.session()).toMatchObject({ name: "backend", role: "tests", project: null, startRole: "lead" });
  });

  test("becomes a variant, if somebody has its name now", async () => {
    await gone();
    const other = await seat(home, "api", { project: "shop" });
    await member.beat();
    expect(api.session().name).toBe("api-2");
    expect((await home.bus.named("api"))?.id).toBe(other.keys.id);
  });
});

test("whoever finds the whole bus empty is there again, and can write", async () => {
  const db = new Database(home.path);
  for (const table of ["delivery", "message", "session_name", "session", "mailbox"])
    db.run(`delete from ${table}`);
  db.close();
  await member.beat();
  expect(await row()).toMatchObject({ name: "api", role: "lead", project: "shop" });
  const fresh = await seat(home, "fresh", { project: "shop" });
  await api.desk.dm("fresh", { content: "hi" });
  expect(await home.bus.unread(fresh.session())).toBe(1);
});

describe("a look at what others wrote", () => {
  test("finds nothing, as a rule", async () => {
    const quiet = { mail: false, transcript: null, unproven: false, watching: false, anew: false };
    expect(await member.refresh()).toMatchObject(quiet);
    expect(forgotten).toBe(0);
    expect((await member.refresh()).mail).toBe(false);
  });

  test("finds that mail waits", async () => {
    await lead.desk.dm("api", { content: "x" });
    expect((await member.refresh()).mail).toBe(true);
    await home.bus.claim({ session: api.session(), path: "wake", limit: 1 });
    expect((await member.refresh()).mail).toBe(false);
  });

  test("finds that something it was handed lacks evidence, and that a sender of its own wants to hear", async () => {
    await lead.desk.dm("api", { content: "x" });
    await home.bus.claim({ session: api.session(), path: "wake", limit: 1 });
    expect(await member.refresh()).toMatchObject({ unproven: true, watching: false });
    await api.desk.dm("lead", { content: "x", notify: "seen" });
    expect(await member.refresh()).toMatchObject({ unproven: true, watching: true });
  });

  test("finds that a hook was heard, and another session id of the client, once", async () => {
    await home.bus.sight({ client: api.session().client, sessionId: null, transcript: null }, place);
    expect((await member.refresh()).mail).toBe(true);
    expect(api.session().hooksAt).toBe(home.clock.now());
    await home.bus.follow(api.keys.id, "c-2");
    expect(await member.refresh()).toMatchObject({ mail: true, anew: true });
    expect(api.session().clientSession).toBe("c-2");
    expect((await member.refresh()).mail).toBe(false);
  });

  test("does not undo a rename that is on its way", async () => {
    await home.bus.sight({ client: api.session().client, sessionId: null, transcript: null }, place);
    const late = memberBy({
      ...home.bus,
      async news(id) {
        const found = await home.bus.news(id);
        await api.desk.rename({ name: "backend", role: "worker", project: "shop" });
        return found;
      },
    });
    await late.refresh();
    expect(api.session()).toMatchObject({ name: "backend", hooksAt: home.clock.now() });
  });
});
