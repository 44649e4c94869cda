import { beforeEach, describe, expect, test } from "bun:test";
import { dampingMs, hopsAfter, mayWake, quickMs } from "../../plugin/policy/loop.ts";
import { receive } from "../../plugin/policy/receive.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { place } from "../fakes/people.ts";

const limit = 16;

describe("a message is one answer further than what was shown last", () => {
  test("if its writer used no tool since, however long it thought", () => {
    for (const progressAt of [0, 999]) {
      expect(hopsAfter({ hops: 4, at: 1000 }, progressAt, 1001)).toBe(5);
      expect(hopsAfter({ hops: 4, at: 1000 }, progressAt, 100_000_000)).toBe(5);
    }
  });

  test("or begins anew, if it did, or heard its person", () => {
    // What comes along with a person's prompt is handed over in the same millisecond.
    for (const progressAt of [1000, 1001])
      expect(hopsAfter({ hops: 400, at: 1000 }, progressAt, 1002)).toBe(0);
  });

  test("or begins anew, if nothing was shown before", () => {
    for (const progressAt of [null, 0, 5000]) expect(hopsAfter(null, progressAt, 10_000)).toBe(0);
  });

  test("if it came quickly, where hooks tell nothing of tools", () => {
    expect(hopsAfter({ hops: 4, at: 1000 }, null, 1000 + quickMs - 1)).toBe(5);
    expect(hopsAfter({ hops: 4, at: 1000 }, null, 1000 + quickMs)).toBe(0);
  });
});

describe("a chain of answers without work between them", () => {
  test("is free for a while, then each one waits twice as long, and soon none starts a turn by itself", () => {
    for (let hops = 0; hops <= limit; hops++) expect(dampingMs(hops, limit)).toBe(0);
    expect([1, 2, 3, 8].map((more) => dampingMs(limit + more, limit))).toEqual([2000, 4000, 8000, 256_000]);
    for (const hops of [limit + 9, 100, 1_000_000, Number.MAX_SAFE_INTEGER])
      expect(dampingMs(hops, limit)).toBe(Number.POSITIVE_INFINITY);
  });

  test("is free for as long as the limit says", () => {
    expect([dampingMs(1, 1), dampingMs(2, 1), dampingMs(1000, 1000), dampingMs(1001, 1000)]).toEqual([
      0, 2000, 0, 2000,
    ]);
  });

  test("wakes its reader only when its time has come, if ever", () => {
    const message = { hops: limit + 1, sentAt: 10_000 };
    expect(mayWake(message, limit, 11_999)).toBe(false);
    expect(mayWake(message, limit, 12_000)).toBe(true);
    expect(mayWake({ hops: limit, sentAt: 10_000 }, limit, 10_000)).toBe(true);
    expect(mayWake({ hops: limit + 9, sentAt: 10_000 }, limit, 1e15)).toBe(false);
  });

  test("is not held for ever by a clock that was set back", () => {
    expect(mayWake({ hops: limit + 3, sentAt: 10_000 }, limit, 9_999)).toBe(true);
  });
});

describe("sessions that only answer each other", () => {
  let home: House;
  let ring: Seat[];
  beforeEach(async () => {
    home = await house();
    ring = [await hooked("a"), await hooked("b"), await hooked("c")];
  });

  /** A session behind a client whose hooks tell of tools; it has used none. */
  async function hooked(name: string): Promise<Seat> {
    const made = await seat(home, name);
    await home.bus.sight({ client: made.session().client, sessionId: null, transcript: null }, place);
    const row = await home.bus.session(made.keys.id);
    if (row !== null) made.desk.become(row);
    made.progress(0);
    return made;
  }

  const read = async (by: Seat) =>
    (await receive(by.receiving(), { path: "wake", limit: 10 })).map((offer) => offer.message);

  /** Passes one message on, from the n-th session to the next of the ring. @returns how it was sent. */
  async function pass(n: number, ms = 60_000) {
    const [from, to] = [ring[n % ring.length] as Seat, ring[(n + 1) % ring.length] as Seat];
    await read(from);
    await home.clock.pass(ms);
    const sent = await from.desk.dm(to.session().name, { content: `${n}` });
    const [message] = await home.bus.peek(to.session(), 1);
    return { hops: message?.message.hops, note: sent.note };
  }

  test("are counted over any number of sessions, though they only use dm, and however slow", async () => {
    const hops = [];
    for (let n = 0; n < 20; n++) hops.push((await pass(n)).hops);
    expect(hops).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test("are told that they are held back, above the limit, and for how long", async () => {
    const notes = [];
    for (let n = 0; n <= 26; n++) notes.push((await pass(n)).note);
    expect(notes.slice(0, 17).filter((note) => note !== undefined)).toEqual([]);
    expect(notes[17]).toStartWith(
      "17 answers in a row without work between them: this one is read after 2 s",
    );
    expect(notes[24]).toContain("after 256 s");
    expect(notes[25]).toContain("only with its reader's next turn");
  });

  test("begin anew once one of them worked", async () => {
    for (let n = 0; n < 6; n++) await pass(n);
    const worker = ring[0] as Seat;
    const [asked] = await read(worker);
    expect(asked?.hops).toBe(5);
    await home.clock.pass(1);
    worker.progress(home.clock.now());
    await worker.desk.reply(asked?.id ?? "", { content: "done" });
    expect((await read(ring[2] as Seat))[0]?.hops).toBe(0);
  });

  test("are not counted where a program answers, of which no hook was heard", async () => {
    const [one, two] = [await seat(home, "one"), await seat(home, "two")];
    await one.desk.dm("two", { content: "x" });
    for (let n = 0; n < 5; n++) {
      for (const by of [two, one]) {
        const [message] = await read(by);
        expect(message?.hops).toBe(0);
        await by.desk.reply(message?.id ?? "", { content: "x" });
      }
    }
  });
});
