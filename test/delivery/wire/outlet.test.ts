import { beforeEach, describe, expect, test } from "bun:test";
import type { Offer, Session } from "../../../plugin/core/model.ts";
import { evidenceDueMs } from "../../../plugin/delivery/proof/evidence.ts";
import type { Wire } from "../../../plugin/delivery/wire/channel.ts";
import { type Outlet, outlet } from "../../../plugin/delivery/wire/outlet.ts";
import { type House, house, type Seat, seat } from "../../fakes/house.ts";
import { place } from "../../fakes/people.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead");
  api = await seat(home, "api");
});

/** A client's side of the wire: notes what was pushed, and answers pings at once, or not within the time given. */
function client({ answers = true } = {}) {
  const pushed: string[] = [];
  let pings = 0;
  const readUpToHere = async (ms: number): Promise<boolean> => {
    pings++;
    if (!answers) await home.clock.sleep(ms);
    return answers;
  };
  const push = async (offers: readonly Offer[]) =>
    void pushed.push(...offers.map((offer) => offer.message.body));
  const wire: Wire = {
    push,
    readUpToHere,
    async pushAndAsk(offers, _, ms) {
      await push(offers);
      return { read: readUpToHere(ms) };
    },
    decide: () => {},
    hangUp: () => Promise.resolve(),
  };
  return { wire, pushed, pings: () => pings };
}

function open(wire: Wire, { wanted = true, expectsHooks = false } = {}): Outlet {
  const { bus, clock, log } = home;
  const made = outlet({ bus, clock, log, wire: () => wire, wanted, expectsHooks });
  made.onInitialized();
  return made;
}

/** Sends something and claims it for the channel, as the pump does. */
async function mail(...bodies: string[]): Promise<readonly Offer[]> {
  for (const content of bodies) await lead.desk.dm("api", { content });
  return home.bus.claim({ session: api.session(), path: "channel", limit: 10 });
}

async function hooksHeard(): Promise<Session> {
  await home.bus.sight({ client: api.session().client, sessionId: null, transcript: null }, place);
  const row = await home.bus.session(api.keys.id);
  if (row !== null) api.desk.become(row);
  return api.session();
}

/** Of a client that has been idle for long enough: what was handed over ten seconds ago is due. */
const due = () => home.clock.now() - evidenceDueMs;

async function receipts(): Promise<readonly string[]> {
  const passed = await home.bus.history({ mailbox: lead.session().mailbox, limit: 100 });
  return passed.map((one) => `${one.receipts[0]?.state} ${one.receipts[0]?.evidence ?? ""}`.trim()).reverse();
}

test("is ready once the client has initialized, if it is wanted", () => {
  const { bus, clock, log } = home;
  const parts = { bus, clock, log, wire: () => client().wire, expectsHooks: false };
  const made = outlet({ ...parts, wanted: true });
  expect(made.ready()).toBe(false);
  made.onInitialized();
  expect(made.ready()).toBe(true);
  const unwanted = outlet({ ...parts, wanted: false });
  unwanted.onInitialized();
  expect(unwanted.ready()).toBe(false);
});

describe("a plain MCP client, of which no hook was heard", () => {
  test("gives evidence by the answer to each ping, and what is answered in a row is written together", async () => {
    const { wire, pushed } = client();
    const answers: ((read: boolean) => void)[] = [];
    const channel = open({
      ...wire,
      async pushAndAsk(offers, to) {
        await wire.push(offers, to);
        return { read: new Promise((resolve) => answers.push(resolve)) };
      },
    });
    for (const body of ["1", "2", "3", "4"]) await channel.push(await mail(body), api.session());
    expect(pushed).toEqual(["1", "2", "3", "4"]);
    expect(await receipts()).toEqual(Array(4).fill("handed"));
    for (const [n, answer] of answers.entries()) answer(n !== 3);
    await home.clock.settle();
    expect((await receipts())[0]).toBe("seen read");
    await home.clock.pass(1000);
    await channel.settled();
    expect(await receipts()).toEqual(["seen read", "seen read", "seen read", "handed"]);
  });

  test("that read a broadcast is believed a moment later, so that its evidence is in nobody's way", async () => {
    const channel = open(client().wire);
    await lead.desk.broadcast({ content: "all" });
    const offers = await home.bus.claim({ session: api.session(), path: "channel", limit: 10 });
    await channel.push(offers, api.session());
    await home.clock.settle();
    expect(await receipts()).toEqual(["handed"]);
    await home.clock.pass(1000);
    await channel.settled();
    expect(await receipts()).toEqual(["seen read"]);
  });

  test("that answers no ping is trusted for what was pushed ten seconds ago, not for less", async () => {
    const channel = open(client({ answers: false }).wire);
    await channel.push(await mail("1"), api.session());
    await home.clock.pass(evidenceDueMs);
    await channel.due(api.session(), due());
    expect(await receipts()).toEqual(["handed"]);
    await channel.push(await mail("2"), api.session());
    await home.clock.pass(1);
    await channel.due(api.session(), due());
    expect(await receipts()).toEqual(["seen trusted", "handed"]);
    await home.clock.pass(evidenceDueMs);
    await channel.due(api.session(), due());
    expect(await receipts()).toEqual(["seen trusted", "seen trusted"]);
    expect(channel.ready()).toBe(true);
  });

  test("proves that it has read an answer, too", async () => {
    const channel = open(client().wire, { wanted: false });
    const [offer] = await mail("1");
    channel.shown(api.session(), [offer?.token ?? ""], new AbortController().signal);
    await channel.settled();
    expect(await receipts()).toEqual(["seen result"]);
  });

  test("proves nothing of an answer that it drops, though it has read what stands behind it", async () => {
    const channel = open(client().wire, { wanted: false });
    const [offer] = await mail("1");
    channel.shown(api.session(), [offer?.token ?? ""], AbortSignal.abort());
    await channel.settled();
    expect(await receipts()).toEqual(["handed"]);
  });

  test("proves nothing by a wire that broke", async () => {
    const { wire } = client();
    const broken = { ...wire, readUpToHere: (): Promise<boolean> => Promise.reject(new Error("EPIPE")) };
    const channel = open(broken);
    const [offer] = await mail("1");
    channel.shown(api.session(), [offer?.token ?? ""], new AbortController().signal);
    await channel.settled();
    expect(await receipts()).toEqual(["handed"]);
    expect(home.logged.map((one) => one.event)).toEqual(["evidence_failed"]);
  });

  test("asks the bus for nothing while nothing was pushed", async () => {
    let asked = 0;
    const bus = {
      ...home.bus,
      seenBy: () => Promise.resolve(asked++),
      requeue: () => Promise.resolve(asked++),
    };
    const { clock, log } = home;
    const channel = outlet({ bus, clock, log, wire: () => client().wire, wanted: true, expectsHooks: false });
    channel.onInitialized();
    for (let n = 0; n < 5; n++) {
      await clock.pass(evidenceDueMs);
      await channel.due(api.session(), due());
    }
    expect(asked).toBe(0);
    await channel.push(await mail("1"), api.session());
    for (let n = 0; n < 5; n++) {
      await clock.pass(evidenceDueMs);
      await channel.due(api.session(), due());
    }
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(3);
  });

  test("is asked again when the bus was locked", async () => {
    let tries = 0;
    const seenBy = () => (tries++ === 0 ? Promise.reject(new Error("locked")) : Promise.resolve(1));
    const { clock, log } = home;
    const bus = { ...home.bus, seenBy };
    const wire = client({ answers: false }).wire;
    const channel = outlet({ bus, clock, log, wire: () => wire, wanted: true, expectsHooks: false });
    channel.onInitialized();
    await channel.push(await mail("1"), api.session());
    await clock.pass(evidenceDueMs + 1);
    await channel.due(api.session(), due()).catch(() => {});
    await channel.due(api.session(), due());
    expect(tries).toBe(2);
  });
});

describe("a client whose hooks are heard", () => {
  test("gives no evidence by a ping, only by its hooks", async () => {
    const { wire, pings } = client();
    const channel = open(wire);
    const to = await hooksHeard();
    const [offer] = await mail("1");
    await channel.push(offer === undefined ? [] : [offer], to);
    await home.clock.pass(1000);
    expect([await receipts(), pings()]).toEqual([["handed"], 0]);
    await home.bus.seen(api.keys.id, [offer?.token ?? ""], "prompt");
    await home.clock.pass(2 * evidenceDueMs);
    await channel.due(to, due());
    expect(channel.ready()).toBe(true);
  });

  test("that shows no event within ten seconds gets the mail again, and by the channel no more", async () => {
    const channel = open(client().wire);
    const to = await hooksHeard();
    await channel.push(await mail("1"), to);
    await home.clock.pass(evidenceDueMs);
    await channel.due(to, due());
    expect([await receipts(), channel.ready()]).toEqual([["handed"], true]);
    await home.clock.pass(1);
    await channel.due(to, due());
    expect([await receipts(), channel.ready()]).toEqual([["queued"], false]);
    expect(home.logged.map((one) => one.event)).toEqual(["channel_dropped"]);
    expect(await home.bus.unread(api.session())).toBe(1);
  });
});

test("what was pushed later to a client that shows no events is offered again at once, too", async () => {
  const channel = open(client().wire);
  const to = await hooksHeard();
  await channel.push(await mail("1"), to);
  await home.clock.pass(evidenceDueMs - 1000);
  await channel.push(await mail("2"), to);
  await home.clock.pass(1001);
  await channel.due(to, due());
  expect([await receipts(), channel.ready()]).toEqual([["queued", "queued"], false]);
});

describe("a client that is busy", () => {
  test("is not taken for deaf, however long", async () => {
    const channel = open(client().wire);
    const to = await hooksHeard();
    await channel.push(await mail("1"), to);
    await home.clock.pass(100 * evidenceDueMs);
    await channel.due(to, null);
    expect([await receipts(), channel.ready(), home.logged]).toEqual([["handed"], true, []]);
    await channel.due(to, due());
    expect([await receipts(), channel.ready()]).toEqual([["queued"], false]);
  });

  test("is not asked about when nobody hears its hooks", async () => {
    const channel = open(client({ answers: false }).wire);
    await channel.push(await mail("1"), api.session());
    await home.clock.pass(evidenceDueMs + 1);
    await channel.due(api.session(), null);
    expect(await receipts()).toEqual(["seen trusted"]);
  });
});

describe("a client that should have hooks", () => {
  test("is not taken for a plain one until ten seconds after its start", async () => {
    const { wire, pings } = client();
    const channel = open(wire, { expectsHooks: true });
    await channel.push(await mail("1"), api.session());
    await home.clock.pass(1000);
    expect([await receipts(), pings()]).toEqual([["handed"], 0]);
    await home.clock.pass(evidenceDueMs);
    await channel.push(await mail("2"), api.session());
    await home.clock.pass(1000);
    expect(await receipts()).toEqual(["handed", "seen read"]);
    await home.clock.pass(evidenceDueMs);
    await channel.due(api.session(), due());
    expect(await receipts()).toEqual(["seen trusted", "seen read"]);
  });
});
