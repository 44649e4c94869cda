import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { seat } from "../fakes/house.ts";
import { type Pumped, pumped } from "../fakes/pumped.ts";

let p: Pumped;
beforeEach(async () => {
  p = await pumped();
});
afterEach(() => p.end());

describe("a model in the middle of a turn", () => {
  beforeEach(() => p.hooksHeard());

  test("is not woken: its hooks bring the mail, and if they do not for half a minute it is", async () => {
    p.turn = p.home.clock.now();
    const loop = await p.start();
    await p.home.clock.pass(60_000);
    await p.say("x");
    await p.ring();
    expect([p.touched, loop.held(), loop.unanswered()]).toEqual([[], true, null]);
    await p.home.clock.pass(29_900);
    await p.ring();
    expect(p.touched).toEqual([]);
    await p.home.clock.pass(100);
    await p.ring();
    expect(p.touched).toHaveLength(1);
  });

  test("has half a minute from its beginning on, for what waited before", async () => {
    await p.say("x");
    await p.home.clock.pass(60_000);
    p.turn = p.home.clock.now();
    await p.start();
    await p.home.clock.pass(29_900);
    await p.ring();
    expect(p.touched).toEqual([]);
    await p.home.clock.pass(200);
    await p.ring();
    expect(p.touched).toHaveLength(1);
  });

  test("is woken at once when the turn is over", async () => {
    p.turn = p.home.clock.now();
    await p.start();
    await p.say("x");
    await p.ring();
    p.turn = null;
    await p.ring();
    expect(p.touched).toHaveLength(1);
  });

  test("that takes channel events is pushed to all the same", async () => {
    p.turn = p.home.clock.now();
    await p.start({ channel: true });
    await p.say("x");
    await p.ring();
    expect(p.pushed).toEqual(["x"]);
  });
});

describe("who does not want to be disturbed", () => {
  for (const channel of [false, true]) {
    test(`is not, whatever the priority, and hears everything afterwards (channel: ${channel})`, async () => {
      await p.hooksHeard();
      p.quiet = true;
      const loop = await p.start({ channel });
      await p.say("x", { priority: "urgent" });
      await p.ring();
      expect([p.touched, p.pushed, loop.held()]).toEqual([[], [], true]);
      p.quiet = false;
      await p.ring();
      expect(p.touched.length + p.pushed.length).toBe(1);
    });
  }

  test("is not pushed to as a program either", async () => {
    p.quiet = true;
    const loop = await p.start({ channel: true });
    await p.say("x");
    await p.ring();
    expect([p.pushed, loop.held()]).toEqual([[], true]);
  });
});

describe("mail that was handed over without a sign that it was seen", () => {
  beforeEach(() => p.hooksHeard());

  const give = async () => {
    await p.home.bus.claim({ session: p.api.session(), path: "wake", limit: 10 });
    await p.home.clock.pass(1);
    await p.home.bus.requeue(p.api.session().id, "wake", p.home.clock.now());
  };

  test("starts a turn three times, then no more, and comes along with what is new", async () => {
    const loop = await p.start();
    await p.say("x");
    for (let n = 1; n <= 3; n++) {
      await p.home.clock.pass(300_000);
      await p.ring();
      expect(p.touched).toHaveLength(n);
      await give();
    }
    await p.home.clock.pass(300_000);
    await p.ring();
    expect([p.touched.length, loop.held()]).toEqual([3, true]);
    await p.say("new");
    await p.ring();
    expect(p.touched).toHaveLength(4);
    const offers = await p.home.bus.claim({ session: p.api.session(), path: "wake", limit: 10 });
    expect(offers.map((offer) => [offer.message.body, offer.offers])).toEqual([
      ["x", 4],
      ["new", 1],
    ]);
  });

  test("is counted anew for the session's successor", async () => {
    await p.say("x");
    for (let n = 0; n < 5; n++) await give();
    await p.home.bus.close([p.api.session().id]);
    p.api = await seat(p.home, "api");
    await p.hooksHeard();
    await p.start();
    expect(p.touched).toHaveLength(1);
  });
});

describe("a client that was asked to fetch its mail", () => {
  beforeEach(() => p.hooksHeard());

  test("has been asked since the first time, until it comes", async () => {
    const loop = await p.start();
    expect(loop.unanswered()).toBeNull();
    await p.say("x");
    await p.ring();
    const since = p.home.clock.now() - 10;
    expect(loop.unanswered()).toBe(since);
    await p.home.clock.pass(5000);
    await p.ring();
    expect([p.touched.length, loop.unanswered()]).toEqual([2, since]);
    await p.home.bus.claim({ session: p.api.session(), path: "wake", limit: 1 });
    await p.ring();
    expect(loop.unanswered()).toBeNull();
  });

  test("has not been asked by mail that must wait", async () => {
    const loop = await p.start();
    await p.say("low", { priority: "low" });
    await p.ring();
    expect(loop.unanswered()).toBeNull();
  });
});
