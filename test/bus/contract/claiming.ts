import { expect } from "bun:test";
import type { Offer } from "../../../plugin/core/model.ts";
import { join, send } from "../../fakes/people.ts";
import type { Case } from "../contract.ts";

const bodies = (offers: readonly Pick<Offer, "message">[]) => offers.map((offer) => offer.message.body);

/** What comes out: in order, and each message once. */
export function claiming(it: Case): void {
  it("offers mail in the order in which it was posted, whoever sent it and whatever its clock said", async ({
    a,
    b,
    clock,
  }) => {
    const [one, two, api] = [await join(a, "one"), await join(b, "two"), await join(b, "api")];
    await send(a, one, [api.session], { body: "1" });
    clock.setWall(-3_600_000);
    await send(b, two, [api.session], { body: "2", sentAt: clock.now() });
    await send(a, one, [api.session], { body: "3", sentAt: clock.now() + 7_200_000 });
    await send(b, two, [api.session], { body: "4", priority: "urgent", sentAt: clock.now() });
    expect(bodies(await b.claim({ session: api.session, path: "pull", limit: 10 }))).toEqual([
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  it("keeps one sender's messages in the order of its calls, though none of them was waited for", async ({
    a,
    b,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const texts = Array.from({ length: 50 }, (_, n) => `${n}`);
    await Promise.all(texts.map((body) => send(a, lead, [api.session], { body })));
    expect(bodies(await b.claim({ session: api.session, path: "pull", limit: 100 }))).toEqual(texts);
  });

  it("offers no more than asked for, oldest first, and the rest later", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    for (let n = 0; n < 5; n++) await send(a, lead, [api.session], { body: `${n}` });
    const claim = async () => bodies(await b.claim({ session: api.session, path: "pull", limit: 2 }));
    expect([await claim(), await claim(), await claim(), await claim()]).toEqual([
      ["0", "1"],
      ["2", "3"],
      ["4"],
      [],
    ]);
  });

  it("offers as much as fits, in order, and a message too long for that alone or not at all", async ({
    a,
    b,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    // What a message is framed with counts too, some hundred characters.
    for (const length of [10, 40, 3000, 10, 10])
      await send(a, lead, [api.session], { body: "x".repeat(length) });
    const take = async (strict: boolean) => {
      const claim = { session: api.session, path: "turn", limit: 10, maxChars: 2000, strict } as const;
      return (await b.claim(claim)).map((offer) => offer.message.body.length);
    };
    expect(await take(true)).toEqual([10, 40]);
    expect(await take(true)).toEqual([]); // what does not fit keeps its place before the others
    expect(await take(false)).toEqual([3000]);
    expect(await take(true)).toEqual([10, 10]);
  });

  it("never gives one message to two claims, on one connection or on two", async ({ a, b, connect }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const total = 60;
    for (let n = 0; n < total; n++) await send(a, lead, [api.session], { body: `${n}` });
    const third = await connect();
    const taken: Offer[] = [];
    const worker = async (bus: typeof a, path: "wake" | "channel") => {
      for (let more = true; more; ) {
        const offers = await bus.claim({ session: api.session, path, limit: 3 });
        taken.push(...offers);
        more = offers.length > 0;
      }
    };
    const workers = [a, b, third, a, b].map((bus, n) => worker(bus, n % 2 === 0 ? "wake" : "channel"));
    await Promise.all(workers);
    expect(taken).toHaveLength(total);
    expect(new Set(bodies(taken)).size).toBe(total);
    expect(new Set(taken.map((offer) => offer.token)).size).toBe(total);
  });

  it("does not offer again what is on its way to the same session", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session]);
    await b.claim({ session: api.session, path: "channel", limit: 10 });
    expect(await a.claim({ session: api.session, path: "wake", limit: 10 })).toEqual([]);
    expect(await a.unread(api.session)).toBe(0);
    expect(await a.peek(api.session, 10)).toEqual([]);
  });

  it("offers a successor what its predecessor was handed without evidence, as a repeat", async ({ a, b }) => {
    const [lead, old] = [await join(a, "lead"), await join(b, "api")];
    for (const body of ["seen", "lost", "new"]) await send(a, lead, [old.session], { body });
    const [seen, lost] = await b.claim({ session: old.session, path: "wake", limit: 2 });
    await b.seen(old.session.id, [seen?.token ?? ""], "prompt");
    await a.close([old.session.id]);

    const { session } = await join(b, "api");
    expect((await a.roster()).find((one) => one.id === session.id)?.unread).toBe(2);
    const offers = await b.claim({ session, path: "pull", limit: 10 });
    expect(offers.map((offer) => [offer.message.body, offer.offers])).toEqual([
      ["lost", 2],
      ["new", 1],
    ]);
    expect(offers[0]?.token).not.toBe(lost?.token);
    expect(await b.claim({ session, path: "pull", limit: 10 })).toEqual([]);
  });

  it("takes a claim back as if it had not been: no offer counted, none on its way", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    const id = await send(a, lead, [api.session], { body: "1" });
    await send(a, lead, [api.session], { body: "2" });
    const receipt = async () =>
      (await a.history({ mailbox: lead.session.mailbox, limit: 9 })).find((one) => one.message.id === id)
        ?.receipts;
    const before = await receipt();
    const tokens = async () =>
      (await b.claim({ session: api.session, path: "turn", limit: 9 })).map(({ token }) => token);
    const [first = "", second = ""] = await tokens();
    await a.giveBack("nobody", [first]);
    expect(await a.unread(api.session)).toBe(0);
    await a.giveBack(api.session.id, [first, "no such token"]);
    expect(await receipt()).toEqual(before);
    expect(await b.seen(api.session.id, [first], "prompt")).toBe(0);
    expect(await b.seenBy(api.session.id, "turn", "turn", clock.now() + 1)).toBe(1); // the other one
    await a.giveBack(api.session.id, [second]); // what is proven is no more on its way
    expect((await b.pressing(api.session)).map(({ tried }) => tried)).toEqual([0]);
    const [again] = await b.claim({ session: api.session, path: "wake", limit: 9 });
    expect([again?.message.body, again?.offers]).toEqual(["1", 1]);
    expect(await b.claim({ session: api.session, path: "wake", limit: 9 })).toEqual([]);
  });

  it("takes back a repeat's claim, and counts the offers before it", async ({ a, b, clock }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    await send(a, lead, [api.session]);
    await b.claim({ session: api.session, path: "wake", limit: 9 });
    await b.requeue(api.session.id, "wake", clock.now() + 1);
    const [offer] = await b.claim({ session: api.session, path: "turn", limit: 9 });
    await b.giveBack(api.session.id, [offer?.token ?? ""]);
    expect((await b.pressing(api.session)).map(({ tried }) => tried)).toEqual([1]);
    const [again] = await b.claim({ session: api.session, path: "wake", limit: 9 });
    expect(again?.offers).toBe(2);
  });

  it("counts what waits, until it is handed over", async ({ a, b }) => {
    const [lead, api, third] = [await join(a, "lead"), await join(b, "api"), await join(b, "third")];
    for (let n = 0; n < 150; n++) await send(a, lead, [api.session]);
    await send(a, lead, [third.session]);
    expect(await b.unread(api.session)).toBe(150);
    await b.claim({ session: api.session, path: "wake", limit: 149 });
    expect(await b.unread(api.session)).toBe(1);
  });

  it("tells which of the waiting mail may interrupt: neither low nor muted, the least damped first", async ({
    a,
    b,
    clock,
  }) => {
    const [lead, noisy, api] = [await join(a, "lead"), await join(a, "noisy"), await join(b, "api")];
    await b.filter(api.session.mailbox, "mute", "noisy", true);
    await b.filter(lead.session.mailbox, "mute", "lead", true); // another mailbox's
    for (let n = 0; n < 101; n++) await send(a, lead, [api.session], { priority: "low" });
    for (let n = 0; n < 101; n++) await send(a, noisy, [api.session], { priority: "urgent" });
    expect(await b.pressing(api.session)).toEqual([]);
    const facts = [
      { hops: 20, priority: "urgent", sentAt: clock.now() },
      { hops: 1, priority: null, sentAt: clock.now() + 5 },
      { hops: 1, priority: "normal", sentAt: clock.now() + 6 },
    ] as const;
    for (const one of facts) await send(a, lead, [api.session], one);
    await b.filter(api.session.mailbox, "block", "lead", true); // came too late for these
    const pressing = await b.pressing(api.session);
    expect(pressing.map(({ hops, sentAt }) => [hops, sentAt - clock.now()])).toEqual([
      [1, 6],
      [1, 5],
      [20, 0],
    ]);
    await b.claim({ session: api.session, path: "wake", limit: 204 });
    expect(await b.pressing(api.session)).toEqual([pressing[0]].filter((one) => one !== undefined));
  });

  it("lets mail be looked at without taking it", async ({ a, b }) => {
    const [lead, api] = [await join(a, "lead"), await join(b, "api")];
    for (const body of ["1", "2", "3"]) await send(a, lead, [api.session], { body });
    const peeked = await b.peek(api.session, 2);
    expect(bodies(peeked)).toEqual(["1", "2"]);
    expect(peeked[0]?.addressed).toBe(api.session.mailbox);
    const offers = await b.claim({ session: api.session, path: "pull", limit: 2 });
    expect(offers.map((offer) => offer.offers)).toEqual([1, 1]);
    expect(offers.map((offer) => offer.message)).toEqual(peeked.map((one) => one.message));
  });
}
