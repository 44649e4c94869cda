import { beforeEach, describe, expect, test } from "bun:test";
import type { DutyParts } from "../../plugin/delivery/duties.ts";
import { expireOverdue, soonest } from "../../plugin/delivery/duties.ts";
import { receive } from "../../plugin/policy/receive.ts";
import { fakeClock } from "../fakes/clock.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";

const minute = 60_000;
let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead", { project: "shop" });
  api = await seat(home, "api", { project: "shop" });
});

function duty(by: Seat): DutyParts {
  const { bus, clock, newId } = home;
  const ring = (to: { name: string }) => void home.rung.push({ name: to.name, presence: "live" });
  return { bus, clock, keys: by.keys, newId, self: by.session, historyDays: 7, ring };
}
const got = async (of: Seat) => receive(of.receiving(), { path: "pull", limit: 100 });
const rang = () => home.rung.splice(0).map((one) => one.name);

describe("what nobody read in time", () => {
  test("is told to its sender in a notice that can be trusted, and rings", async () => {
    const { message_id } = await lead.desk.dm("api", { content: "please look", ttl_s: 60, thread_id: "T-1" });
    rang();
    await home.clock.pass(minute);
    await expireOverdue(duty(api));
    expect(rang()).toEqual(["lead"]);
    const [notice, ...more] = await got(lead);
    expect(more).toEqual([]);
    expect(notice?.message).toMatchObject({
      kind: "notice",
      fromName: "cc-dm",
      inReplyTo: message_id,
      threadId: "T-1",
      sentAt: home.clock.now(),
      ttlMs: 7 * 86_400_000,
      body: `Your message ${message_id} expired after 60 s.\nNever read by: api.\nIt said: please look`,
    });
    expect(await got(api)).toEqual([]);
    expect(home.logged).toEqual([]);
  });

  test("is told exactly once, whoever sweeps, and however often", async () => {
    await lead.desk.dm("api", { content: "x", ttl_s: 60 });
    await home.clock.pass(minute);
    await Promise.all([expireOverdue(duty(api)), expireOverdue(duty(lead)), expireOverdue(duty(api))]);
    for (let n = 0; n < 5; n++) {
      await home.clock.pass(minute);
      await expireOverdue(duty(n % 2 === 0 ? api : lead));
    }
    expect(await got(lead)).toHaveLength(1);
  });

  test("is told apart: handed over without a sign, and never read at all", async () => {
    const [silent, absent] = [
      await seat(home, "silent", { project: "shop" }),
      await seat(home, "absent", { project: "shop" }),
    ];
    const sent = await lead.desk.broadcast({ content: "x", ttl_s: 60 });
    const [offer] = await got(api);
    await home.bus.seen(api.keys.id, [offer?.token ?? ""], "result");
    await got(silent);
    await home.bus.close([absent.keys.id]);
    await home.clock.pass(minute);
    await expireOverdue(duty(api));
    expect((await got(lead))[0]?.message.body).toBe(
      [
        `Your message ${sent.message_id} expired after 60 s.`,
        "Never read by: absent.",
        "Handed over but never shown to have been seen: silent.",
        "It said: x",
      ].join("\n"),
    );
  });

  test("is quoted in part, if it is long", async () => {
    await lead.desk.dm("api", { content: "🚀".repeat(300), ttl_s: 60 });
    await home.clock.pass(minute);
    await expireOverdue(duty(api));
    expect((await got(lead))[0]?.message.body).toEndWith(`It said: ${"🚀".repeat(200)}…`);
  });

  test("waits for a sender that is closed, though its mailbox is full", async () => {
    await lead.desk.dm("api", { content: "x", ttl_s: 60 });
    await home.bus.close([lead.keys.id]);
    await home.clock.pass(minute);
    rang();
    await expireOverdue(duty(api));
    expect(rang()).toEqual([]);
    const back = await seat(home, "lead", { project: "shop" });
    expect((await got(back)).map((offer) => offer.message.kind)).toEqual(["notice"]);
  });

  test("reaches a sender that has another name now", async () => {
    await lead.desk.dm("api", { content: "x", ttl_s: 60 });
    await lead.desk.rename({ name: "boss", role: "planner", project: null });
    await home.clock.pass(minute);
    await expireOverdue(duty(api));
    expect(await got(lead)).toHaveLength(1);
  });

  test("is told to nobody, if it was a notice itself", async () => {
    await lead.desk.dm("api", { content: "x", ttl_s: 60 });
    await home.clock.pass(minute);
    await expireOverdue(duty(api));
    await home.clock.pass(7 * 24 * 60 * minute);
    await expireOverdue(duty(api));
    expect(await home.bus.due()).toBe(false);
    for (const one of [lead, api]) expect(await got(one)).toEqual([]);
  });
});

test("an idle look writes nothing and rings nobody", async () => {
  const bus = { ...home.bus, overdue: () => Promise.reject(new Error("asked for the lease")) };
  await expireOverdue({ ...duty(api), bus });
  expect(rang()).toEqual([]);
});

test("a sender knows the first moment at which something of its own may expire", () => {
  const clock = fakeClock();
  const watch = soonest(clock);
  const at = (seconds: number) => clock.now() + seconds * 1000;
  expect(watch.passed()).toBe(false);
  watch.note(at(30));
  watch.note(at(10));
  watch.note(at(20));
  const passing = async (seconds: number) => {
    await clock.pass(seconds * 1000);
    return watch.passed();
  };
  return (async () => {
    expect(await passing(10)).toBe(false); // uptime comes in whole seconds
    expect(await passing(1)).toBe(true);
    expect(watch.passed()).toBe(false);
  })();
});
