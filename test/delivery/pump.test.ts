import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Offer } from "../../plugin/core/model.ts";
import { type Pump, type PumpParts, pump } from "../../plugin/delivery/pump.ts";
import { wakePace } from "../../plugin/delivery/wake.ts";
import { waker } from "../../plugin/delivery/waker.ts";
import { defaultReplyLimit } from "../../plugin/policy/loop.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { place, send } from "../fakes/people.ts";

let home: House;
let lead: Seat;
let api: Seat;
let stop: AbortController;
let bell: ReturnType<typeof waker>;
let touched: number[];
let pushed: string[];
let pushes: number;
let looks: number;
/** Since when its client is in a turn. */
let turn: number | null;
let quiet: boolean;

beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead");
  api = await seat(home, "api");
  stop = new AbortController();
  bell = waker();
  touched = [];
  pushed = [];
  pushes = 0;
  looks = 0;
  turn = null;
  quiet = false;
});

afterEach(async () => {
  stop.abort();
  bell.wake();
  await home.clock.pass(10);
});

interface Client {
  readonly channel?: boolean;
  readonly wake?: boolean;
  readonly bus?: Partial<PumpParts["bus"]>;
}

/** Starts the loop for a client that takes channel events, watches its wake file, or neither. */
async function start({ channel = false, wake = true, bus = {} }: Client = {}): Promise<Pump> {
  const { clock, log } = home;
  const loop = pump({
    bus: { ...home.bus, ...bus },
    clock,
    log,
    waker: bell,
    session() {
      looks++;
      return api.session();
    },
    channel: {
      ready: () => channel,
      async push(offers: readonly Offer[]) {
        pushes++;
        pushed.push(...offers.map((offer) => offer.message.body));
      },
    },
    inTurn: () => turn,
    quiet: () => quiet,
    replyLimit: defaultReplyLimit,
    wake: { ready: () => wake, touch: () => void touched.push(clock.now()), pace: wakePace() },
    signal: stop.signal,
  });
  void loop.run();
  await ring();
  looks = 0;
  return loop;
}

async function ring(): Promise<void> {
  bell.wake();
  await home.clock.pass(10);
}

async function hooksHeard(): Promise<void> {
  await home.bus.sight({ client: api.session().client, sessionId: null, transcript: null }, place);
  const row = await home.bus.session(api.keys.id);
  if (row !== null) api.desk.become(row);
}

const say = (content: string, more = {}) => lead.desk.dm("api", { content, ...more });

describe("a ring", () => {
  test("in a burst makes one look more", async () => {
    await start();
    for (let n = 0; n < 100; n++) bell.wake();
    await home.clock.pass(100);
    expect(looks).toBeGreaterThanOrEqual(1);
    expect(looks).toBeLessThanOrEqual(2);
  });

  test("within two milliseconds of a look waits for them to be over", async () => {
    await start();
    bell.wake();
    await home.clock.settle();
    const first = looks;
    bell.wake();
    await home.clock.settle();
    expect(looks).toBe(first);
    await home.clock.pass(2);
    expect(looks).toBe(first + 1);
  });

  test("that never comes makes no look", async () => {
    await start();
    await home.clock.pass(60_000);
    expect(looks).toBe(0);
  });

  test("after the end makes none", async () => {
    await start();
    stop.abort();
    await ring();
    await ring();
    const last = looks;
    await ring();
    expect(looks).toBe(last);
  });
});

describe("a program that takes channel events", () => {
  test("gets everything at once, in order, whatever its priority", async () => {
    const loop = await start({ channel: true });
    for (const content of ["1", "2", "3"]) await say(content, { priority: "low" });
    await ring();
    expect(pushed).toEqual(["1", "2", "3"]);
    expect(touched).toEqual([]);
    expect(loop.held()).toBe(false);
    expect(await home.bus.unread(api.session())).toBe(0);
  });

  test("is not sent what a muted session writes, until something else comes", async () => {
    const loop = await start({ channel: true });
    await home.bus.filter(api.session().mailbox, "mute", "lead", true);
    await say("muted", { priority: "urgent" });
    await ring();
    expect(pushed).toEqual([]);
    expect(loop.held()).toBe(true);
    await home.bus.filter(api.session().mailbox, "mute", "lead", false);
    await home.bus.filter(api.session().mailbox, "mute", "somebody-else", true);
    await say("heard", { priority: "low" });
    await ring();
    expect(pushed).toEqual(["muted", "heard"]);
  });

  test("gets more than one batch", async () => {
    await start({ channel: true });
    for (let n = 0; n < 250; n++) await say(`${n}`);
    await ring();
    expect(pushed).toEqual(Array.from({ length: 250 }, (_, n) => `${n}`));
    expect(pushes).toBe(3);
  });

  test("gets nothing that was written past us, and what lies behind it at the next tick at the latest", async () => {
    const loop = await start({ channel: true });
    for (let n = 0; n < 120; n++) await say("bad");
    await say("good");
    const db = new Database(home.path);
    db.run("update message set signature = '' where body = 'bad'");
    db.close();
    await ring();
    if (loop.held()) await ring();
    expect(pushed).toEqual(["good"]);
    expect(await home.bus.quarantined(api.session().mailbox)).toBe(120);
  });

  test("is not kept busy for ever by a delivery whose message is not there", async () => {
    const db = new Database(home.path);
    db.query(
      "insert into delivery (message, addressed, mailbox, name, state, open, expires_at) values (999, ?, ?, 'api', 'queued', 1, 9e15)",
    ).run(api.session().mailbox, api.session().mailbox);
    db.close();
    let claims = 0;
    const { claim } = home.bus;
    await start({
      channel: true,
      bus: {
        claim(wish) {
          if (++claims > 20) return new Promise(() => {}); // or this test would never end
          return claim(wish);
        },
      },
    });
    await ring();
    expect(claims).toBeLessThan(20);
    await say("after it");
    await ring();
    expect(pushed).toEqual(["after it"]);
  });
});

describe("a model that takes channel events", () => {
  beforeEach(hooksHeard);

  test("is interrupted by what presses, which brings the rest along", async () => {
    const loop = await start({ channel: true });
    await say("low", { priority: "low" });
    await ring();
    expect([pushed, loop.held()]).toEqual([[], true]);
    await say("normal");
    await ring();
    expect([pushed, loop.held()]).toEqual([["low", "normal"], false]);
  });
});

describe("a model that watches its wake file", () => {
  beforeEach(hooksHeard);

  test("is woken, and what waits is left for its hook to fetch", async () => {
    const loop = await start();
    await say("x");
    await ring();
    expect(touched).toHaveLength(1);
    expect(loop.held()).toBe(true);
    expect(await home.bus.unread(api.session())).toBe(1);
    await home.bus.claim({ session: api.session(), path: "wake", limit: 1 });
    await ring();
    expect([touched.length, loop.held()]).toEqual([1, false]);
  });

  test("is woken again for the same mail only after two seconds, and at once for more", async () => {
    await start();
    await say("x");
    await ring();
    await ring();
    expect(touched).toHaveLength(1);
    await say("y");
    await ring();
    expect(touched).toHaveLength(2);
    await home.clock.pass(2000);
    await ring();
    expect(touched).toHaveLength(3);
  });

  test("is not woken by low mail, nor by a muted session's", async () => {
    const loop = await start();
    await home.bus.filter(api.session().mailbox, "mute", "noisy", true);
    const noisy = await seat(home, "noisy");
    for (let n = 0; n < 120; n++) await say("low", { priority: "low" });
    await noisy.desk.dm("api", { content: "muted", priority: "urgent" });
    await ring();
    expect([touched, loop.held()]).toEqual([[], true]);
    await say("urgent", { priority: "urgent" });
    await ring();
    expect(touched).toHaveLength(1);
  });

  test("is woken by a long chain's answer when its time has come", async () => {
    const loop = await start();
    const { session, keys } = lead;
    await send(home.bus, { keys, session: session() }, [api.session()], {
      hops: defaultReplyLimit + 2,
      sentAt: home.clock.now(),
    });
    await ring();
    expect([touched, loop.held()]).toEqual([[], true]);
    await home.clock.pass(3900);
    await ring();
    expect(touched).toEqual([]);
    await home.clock.pass(100);
    await ring();
    expect(touched).toHaveLength(1);
  });
});

describe("a model in the middle of a turn", () => {
  beforeEach(hooksHeard);

  test("is not woken: its hooks bring the mail, and if they do not for half a minute it is", async () => {
    turn = home.clock.now();
    const loop = await start();
    await home.clock.pass(60_000);
    await say("x");
    await ring();
    expect([touched, loop.held(), loop.unanswered()]).toEqual([[], true, null]);
    await home.clock.pass(29_900);
    await ring();
    expect(touched).toEqual([]);
    await home.clock.pass(100);
    await ring();
    expect(touched).toHaveLength(1);
  });

  test("has half a minute from its beginning on, for what waited before", async () => {
    await say("x");
    await home.clock.pass(60_000);
    turn = home.clock.now();
    await start();
    await home.clock.pass(29_900);
    await ring();
    expect(touched).toEqual([]);
    await home.clock.pass(200);
    await ring();
    expect(touched).toHaveLength(1);
  });

  test("is woken at once when the turn is over", async () => {
    turn = home.clock.now();
    await start();
    await say("x");
    await ring();
    turn = null;
    await ring();
    expect(touched).toHaveLength(1);
  });

  test("that takes channel events is pushed to all the same", async () => {
    turn = home.clock.now();
    await start({ channel: true });
    await say("x");
    await ring();
    expect(pushed).toEqual(["x"]);
  });
});

describe("who does not want to be disturbed", () => {
  for (const channel of [false, true]) {
    test(`is not, whatever the priority, and hears everything afterwards (channel: ${channel})`, async () => {
      await hooksHeard();
      quiet = true;
      const loop = await start({ channel });
      await say("x", { priority: "urgent" });
      await ring();
      expect([touched, pushed, loop.held()]).toEqual([[], [], true]);
      quiet = false;
      await ring();
      expect(touched.length + pushed.length).toBe(1);
    });
  }

  test("is not pushed to as a program either", async () => {
    quiet = true;
    const loop = await start({ channel: true });
    await say("x");
    await ring();
    expect([pushed, loop.held()]).toEqual([[], true]);
  });
});

describe("mail that was handed over without a sign that it was seen", () => {
  beforeEach(hooksHeard);

  const give = async () => {
    await home.bus.claim({ session: api.session(), path: "wake", limit: 10 });
    await home.clock.pass(1);
    await home.bus.requeue(api.session().id, "wake", home.clock.now());
  };

  test("starts a turn three times, then no more, and comes along with what is new", async () => {
    const loop = await start();
    await say("x");
    for (let n = 1; n <= 3; n++) {
      await home.clock.pass(300_000);
      await ring();
      expect(touched).toHaveLength(n);
      await give();
    }
    await home.clock.pass(300_000);
    await ring();
    expect([touched.length, loop.held()]).toEqual([3, true]);
    await say("new");
    await ring();
    expect(touched).toHaveLength(4);
    const offers = await home.bus.claim({ session: api.session(), path: "wake", limit: 10 });
    expect(offers.map((offer) => [offer.message.body, offer.offers])).toEqual([
      ["x", 4],
      ["new", 1],
    ]);
  });

  test("is counted anew for the session's successor", async () => {
    await say("x");
    for (let n = 0; n < 5; n++) await give();
    await home.bus.close([api.session().id]);
    api = await seat(home, "api");
    await hooksHeard();
    await start();
    expect(touched).toHaveLength(1);
  });
});

describe("a client that was asked to fetch its mail", () => {
  beforeEach(hooksHeard);

  test("has been asked since the first time, until it comes", async () => {
    const loop = await start();
    expect(loop.unanswered()).toBeNull();
    await say("x");
    await ring();
    const since = home.clock.now() - 10;
    expect(loop.unanswered()).toBe(since);
    await home.clock.pass(5000);
    await ring();
    expect([touched.length, loop.unanswered()]).toEqual([2, since]);
    await home.bus.claim({ session: api.session(), path: "wake", limit: 1 });
    await ring();
    expect(loop.unanswered()).toBeNull();
  });

  test("has not been asked by mail that must wait", async () => {
    const loop = await start();
    await say("low", { priority: "low" });
    await ring();
    expect(loop.unanswered()).toBeNull();
  });
});

test("a client that takes neither is left alone: its mail waits for inbox", async () => {
  const loop = await start({ wake: false });
  await say("x");
  await ring();
  expect([touched, pushed, loop.held()]).toEqual([[], [], false]);
});

test("a locked bus is noted and looked at again", async () => {
  let locked = true;
  const { unread } = home.bus;
  await hooksHeard();
  const bus = {
    unread: (session: Parameters<typeof unread>[0]) =>
      locked ? Promise.reject(new Error("locked")) : unread(session),
  };
  const loop = await start({ bus });
  expect(loop.held()).toBe(true);
  expect(home.logged[0]).toMatchObject({ event: "pump_failed" });
  await say("x");
  locked = false;
  await ring();
  expect(touched).toHaveLength(1);
});
