import { beforeEach, describe, expect, test } from "bun:test";
import type { DutyParts } from "../../plugin/delivery/duties.ts";
import { expireOverdue, lookAfterDeaf, reportOutcomes, soonest } from "../../plugin/delivery/duties.ts";
import { receive } from "../../plugin/policy/receive.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fate, records, type Transcript, transcript } from "../fakes/hooked.ts";
import { connection, type House, house, type Seat, seat } from "../fakes/house.ts";
import { place } from "../fakes/people.ts";

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

  test("is looked for again by who finds another at it, until nothing is due", async () => {
    expect(await expireOverdue(duty(api))).toBe(true);
    await lead.desk.dm("api", { content: "x", ttl_s: 60 });
    await home.clock.pass(minute);
    await home.bus.overdue(lead.keys.id);
    expect(await expireOverdue(duty(api))).toBe(false);
    expect(await expireOverdue(duty(lead))).toBe(true);
    expect(await expireOverdue(duty(api))).toBe(true);
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

describe("a sender that asked is told how its message fared", () => {
  const report = (by = lead) => reportOutcomes(duty(by), home.standing);
  const told = async (by = lead) => (await got(by)).map((offer) => offer.message);
  const ask = (notify: "seen" | "idle") =>
    lead.desk.dm("api", { content: "please look", notify, thread_id: "T-1" });
  const see = async (path: "wake" | "turn" = "wake") => {
    const offers = await home.bus.claim({ session: api.session(), path, limit: 10 });
    await home.clock.pass(1000);
    const tokens = offers.map((offer) => offer.token);
    await home.bus.seen(api.keys.id, tokens, "prompt");
  };
  const idle = (since: number) =>
    home.bus.tell(api.keys.id, {
      activity: { state: "idle", since, on: null },
      reach: "wake",
      quietUntil: null,
    });

  test("that it was seen: once, in a notice that can be trusted", async () => {
    const { message_id } = await ask("seen");
    expect(await report()).toBe(false);
    await see();
    expect(await report()).toBe(true);
    expect(await report()).toBe(false);
    const [notice, ...more] = await told();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ kind: "notice", inReplyTo: message_id, threadId: "T-1" });
    expect(notice?.body).toStartWith(
      "api has seen it at 2026-03-01T12:00:01.000Z (by wake, evidence: prompt).",
    );
    expect(home.logged).toEqual([]);
  });

  test("once, though two processes notice it at the same time", async () => {
    await ask("seen");
    await see();
    const other = await connection(home);
    await Promise.all([report(), reportOutcomes({ ...duty(lead), bus: other }, home.standing)]);
    expect(await told()).toHaveLength(1);
  });

  test("that its reader is idle again, after it and not before", async () => {
    await idle(home.clock.now());
    await ask("idle");
    await home.clock.pass(1000);
    await see();
    expect(await report()).toBe(false);
    await idle(home.clock.now());
    expect(await report()).toBe(true);
    expect((await told())[0]?.body).toStartWith("api is idle since 2026-03-01T12:00:02.000Z");
  });

  test("that its reader closed, or was killed and said no goodbye", async () => {
    await ask("idle");
    await home.bus.close([api.keys.id]);
    expect(await report()).toBe(true);
    expect((await told())[0]?.body).toContain("api is closed and has not seen your message");
    api = await seat(home, "api", { project: "shop" });
    await got(api);
    await ask("idle");
    home.standings.set(api.keys.id, "gone");
    expect(await report()).toBe(true);
    expect((await told())[0]?.body).toContain("api is closed");
  });

  test("when it is there again, if it was started anew meanwhile", async () => {
    await ask("seen");
    await home.bus.close([lead.keys.id]);
    await see();
    lead = await seat(home, "lead", { project: "shop" });
    expect(await report()).toBe(true);
    expect(await told()).toHaveLength(1);
  });

  test("and of nothing else: what expired or was refused is told by itself", async () => {
    await lead.desk.dm("api", { content: "x", ttl_s: 60, notify: "seen" });
    await home.clock.pass(minute);
    await expireOverdue(duty(api));
    await lead.desk.dm("api", { content: "y", notify: "idle" });
    await api.desk.refuse("lead");
    await home.bus.close([api.keys.id]);
    expect(await report()).toBe(false);
    expect((await told()).map((message) => message.body.slice(0, 4))).toEqual(["Your", "Your"]);
  });

  test("by nobody else", async () => {
    await ask("seen");
    await see();
    expect(await report(api)).toBe(false);
    expect(await told()).toEqual([]);
  });
});

describe("a session whose server died under a living client", () => {
  let file: Transcript;
  beforeEach(async () => {
    file = transcript();
    const { client } = api.session();
    await home.bus.sight({ client, sessionId: null, transcript: file.path }, place);
    home.standings.set(api.keys.id, "deaf");
  });
  const look = () => lookAfterDeaf(duty(lead), home.standing);
  const give = async () => {
    const { message_id } = await lead.desk.dm("api", { content: "x" });
    const [offer] = await home.bus.claim({ session: api.session(), path: "wake", limit: 10 });
    rang();
    return { id: message_id, token: offer?.token ?? "" };
  };
  const stateOf = async (id: string) => (await fate(home, lead, id))[0];

  test("is rung for what waits, once it has been silent for a minute", async () => {
    await home.clock.pass(minute + 1);
    await look();
    expect(rang()).toEqual([]);
    await lead.desk.dm("api", { content: "x" });
    rang();
    await look();
    expect(rang()).toEqual(["api"]);
  });

  test("is believed what its transcript shows as read", async () => {
    const { id, token } = await give();
    file.add(records.wake(token));
    file.add(records.answer());
    await home.clock.pass(10 * minute);
    await look();
    expect(await fate(home, lead, id)).toEqual(["seen", "wake", "transcript"]);
    expect(rang()).toEqual([]);
  });

  test("is offered again after a minute what its transcript does not show, three times at most", async () => {
    const { id } = await give();
    await home.clock.pass(minute);
    await look();
    expect([await stateOf(id), rang()]).toEqual(["handed", []]);
    for (let n = 1; n < 3; n++) {
      await home.clock.pass(minute + 1);
      await look();
      expect([await stateOf(id), rang()]).toEqual(["queued", ["api"]]);
      await home.bus.claim({ session: api.session(), path: "wake", limit: 10 });
    }
    await home.clock.pass(minute + 1);
    await look();
    expect([await stateOf(id), rang()]).toEqual(["queued", []]);
  });

  for (const path of ["turn", "channel", "pull"] as const) {
    test(`is offered again what its server handed over by ${path} before it died`, async () => {
      const { message_id } = await lead.desk.dm("api", { content: "x" });
      await home.bus.claim({ session: api.session(), path, limit: 10 });
      rang();
      await home.clock.pass(minute + 1);
      await look();
      expect([await stateOf(message_id), rang()]).toEqual(["queued", ["api"]]);
    });
  }

  test("is not rung for low mail, and nobody else is looked after", async () => {
    await lead.desk.dm("api", { content: "x", priority: "low" });
    await api.desk.dm("lead", { content: "x" });
    rang();
    await home.clock.pass(minute + 1);
    await look();
    expect(rang()).toEqual([]);
  });
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
