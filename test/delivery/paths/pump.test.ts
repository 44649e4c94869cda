import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { defaultReplyLimit } from "../../../plugin/core/model.ts";
import { seat } from "../../fakes/house.ts";
import { send } from "../../fakes/people.ts";
import { type Pumped, pumped } from "../../fakes/pumped.ts";

let p: Pumped;
beforeEach(async () => {
  p = await pumped();
});
afterEach(() => p.end());

describe("a ring", () => {
  test("in a burst makes one look more", async () => {
    await p.start();
    for (let n = 0; n < 100; n++) p.bell.wake();
    await p.home.clock.pass(100);
    expect(p.looks).toBeGreaterThanOrEqual(1);
    expect(p.looks).toBeLessThanOrEqual(2);
  });

  test("within two milliseconds of a look waits for them to be over", async () => {
    await p.start();
    p.bell.wake();
    await p.home.clock.settle();
    const first = p.looks;
    p.bell.wake();
    await p.home.clock.settle();
    expect(p.looks).toBe(first);
    await p.home.clock.pass(2);
    expect(p.looks).toBe(first + 1);
  });

  test("that never comes makes no look", async () => {
    await p.start();
    await p.home.clock.pass(60_000);
    expect(p.looks).toBe(0);
  });

  test("after the end makes none", async () => {
    await p.start();
    p.stop.abort();
    await p.ring();
    await p.ring();
    const last = p.looks;
    await p.ring();
    expect(p.looks).toBe(last);
  });
});

describe("a program that takes channel events", () => {
  test("gets all that waits, though its inbox takes the first of it at the same moment", async () => {
    await p.start({ channel: true });
    for (let n = 0; n < 150; n++) await p.say(`${n}`);
    p.bell.wake();
    const inbox = await p.home.bus.claim({ session: p.api.session(), path: "pull", limit: 20 });
    await p.home.clock.pass(10);
    expect(p.pushed).toEqual(Array.from({ length: 150 - inbox.length }, (_, n) => `${n + inbox.length}`));
  });

  test("gets everything at once, in order, whatever its priority", async () => {
    const loop = await p.start({ channel: true });
    for (const content of ["1", "2", "3"]) await p.say(content, { priority: "low" });
    await p.ring();
    expect(p.pushed).toEqual(["1", "2", "3"]);
    expect(p.touched).toEqual([]);
    expect(loop.held()).toBe(false);
    expect(await p.home.bus.unread(p.api.session())).toBe(0);
  });

  test("is not sent what a muted session writes, until something else comes", async () => {
    const loop = await p.start({ channel: true });
    await p.home.bus.filter(p.api.session().mailbox, "mute", "lead", true);
    await p.say("muted", { priority: "urgent" });
    await p.ring();
    expect(p.pushed).toEqual([]);
    expect(loop.held()).toBe(true);
    await p.home.bus.filter(p.api.session().mailbox, "mute", "lead", false);
    await p.home.bus.filter(p.api.session().mailbox, "mute", "somebody-else", true);
    await p.say("heard", { priority: "low" });
    await p.ring();
    expect(p.pushed).toEqual(["muted", "heard"]);
  });

  test("gets more than one batch", async () => {
    await p.start({ channel: true });
    for (let n = 0; n < 250; n++) await p.say(`${n}`);
    await p.ring();
    expect(p.pushed).toEqual(Array.from({ length: 250 }, (_, n) => `${n}`));
    expect(p.pushes).toBe(3);
  });

  test("gets nothing that was written past us, and what lies behind it at the next tick at the latest", async () => {
    const loop = await p.start({ channel: true });
    for (let n = 0; n < 120; n++) await p.say("bad");
    await p.say("good");
    const db = new Database(p.home.path);
    db.run("update message set signature = '' where body = 'bad'");
    db.close();
    await p.ring();
    if (loop.held()) await p.ring();
    expect(p.pushed).toEqual(["good"]);
    expect(await p.home.bus.quarantined(p.api.session().mailbox)).toBe(120);
  });

  test("is left a breath by who writes as fast as it reads", async () => {
    let claims = 0;
    let writing = false;
    const { claim } = p.home.bus;
    const more = async () => {
      for (let n = 0; n < 100; n++) await p.say("more");
    };
    const loop = await p.start({
      channel: true,
      bus: {
        async claim(wish) {
          const offers = await claim(wish);
          if (writing && ++claims < 6) await more(); // or this test would never end
          return offers;
        },
      },
    });
    await more();
    writing = true;
    await p.ring();
    expect([claims, p.pushed.length, loop.held()]).toEqual([2, 200, true]);
    writing = false;
    await p.ring();
    expect([p.pushed.length, loop.held()]).toEqual([300, false]);
  });

  test("is not kept busy for ever by a delivery whose message is not there", async () => {
    const db = new Database(p.home.path);
    db.query(
      "insert into delivery (message, addressed, mailbox, name, state, open, expires_at) values (999, ?, ?, 'api', 'queued', 1, 9e15)",
    ).run(p.api.session().mailbox, p.api.session().mailbox);
    db.close();
    let claims = 0;
    const { claim } = p.home.bus;
    await p.start({
      channel: true,
      bus: {
        claim(wish) {
          if (++claims > 20) return new Promise(() => {}); // or this test would never end
          return claim(wish);
        },
      },
    });
    await p.ring();
    expect(claims).toBeLessThan(20);
    await p.say("after it");
    await p.ring();
    expect(p.pushed).toEqual(["after it"]);
  });
});

describe("a model that takes channel events", () => {
  beforeEach(() => p.hooksHeard());

  test("is interrupted by what presses, which brings the rest along", async () => {
    const loop = await p.start({ channel: true });
    await p.say("low", { priority: "low" });
    await p.ring();
    expect([p.pushed, loop.held()]).toEqual([[], true]);
    await p.say("normal");
    await p.ring();
    expect([p.pushed, loop.held()]).toEqual([["low", "normal"], false]);
  });
});

describe("a model that watches its wake file", () => {
  beforeEach(() => p.hooksHeard());

  test("is woken, and what waits is left for its hook to fetch", async () => {
    const loop = await p.start();
    await p.say("x");
    await p.ring();
    expect(p.touched).toHaveLength(1);
    expect(loop.held()).toBe(true);
    expect(await p.home.bus.unread(p.api.session())).toBe(1);
    await p.home.bus.claim({ session: p.api.session(), path: "wake", limit: 1 });
    await p.ring();
    expect([p.touched.length, loop.held()]).toEqual([1, false]);
  });

  test("is woken again for the same mail only after two seconds, and at once for more", async () => {
    await p.start();
    await p.say("x");
    await p.ring();
    await p.ring();
    expect(p.touched).toHaveLength(1);
    await p.say("y");
    await p.ring();
    expect(p.touched).toHaveLength(2);
    await p.home.clock.pass(2000);
    await p.ring();
    expect(p.touched).toHaveLength(3);
  });

  test("is not woken by low mail, nor by a muted session's", async () => {
    const loop = await p.start();
    await p.home.bus.filter(p.api.session().mailbox, "mute", "noisy", true);
    const noisy = await seat(p.home, "noisy");
    for (let n = 0; n < 120; n++) await p.say("low", { priority: "low" });
    await noisy.desk.dm("api", { content: "muted", priority: "urgent" });
    await p.ring();
    expect([p.touched, loop.held()]).toEqual([[], true]);
    await p.say("urgent", { priority: "urgent" });
    await p.ring();
    expect(p.touched).toHaveLength(1);
  });

  test("is woken by a long chain's answer when its time has come", async () => {
    const loop = await p.start();
    const { session, keys } = p.lead;
    await send(p.home.bus, { keys, session: session() }, [p.api.session()], {
      hops: defaultReplyLimit + 2,
      sentAt: p.home.clock.now(),
    });
    await p.ring();
    expect([p.touched, loop.held()]).toEqual([[], true]);
    await p.home.clock.pass(3900);
    await p.ring();
    expect(p.touched).toEqual([]);
    await p.home.clock.pass(100);
    await p.ring();
    expect(p.touched).toHaveLength(1);
  });
});

test("a client that takes neither is left alone: its mail waits for inbox", async () => {
  const loop = await p.start({ wake: false });
  await p.say("x");
  await p.ring();
  expect([p.touched, p.pushed, loop.held()]).toEqual([[], [], false]);
});

test("a locked bus is noted and looked at again", async () => {
  let locked = true;
  const { unread } = p.home.bus;
  await p.hooksHeard();
  const bus = {
    unread: (session: Parameters<typeof unread>[0]) =>
      locked ? Promise.reject(new Error("locked")) : unread(session),
  };
  const loop = await p.start({ bus });
  expect(loop.held()).toBe(true);
  expect(p.home.logged[0]).toMatchObject({ event: "pump_failed" });
  await p.say("x");
  locked = false;
  await p.ring();
  expect(p.touched).toHaveLength(1);
});
