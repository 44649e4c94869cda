/** kill -9 at any moment: what a call said was sent arrives, in order, and twice only when marked. */
import { describe, expect, test } from "bun:test";
import { PingRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { until } from "../support/processes.ts";
import type { ChannelEvent, TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const numberOf = ({ content }: ChannelEvent) => Number(content.split("\n\n")[1]);
const isRepeat = ({ content }: ChannelEvent) => content.includes(" · repeat: may have been shown before · ");

/**
 * Sends numbers to bob, several calls in flight, until told to stop or its server has gone. In bursts with pauses,
 * some 250 a second: a session may send 5,000 a minute.
 */
function stream({ call }: TestSession, from: number) {
  const returned: number[] = [];
  let next = from;
  let on = true;
  const worker = async () => {
    while (on) {
      const number = next++;
      const result = await call("dm", { to: "bob", content: String(number) }).catch(() => null);
      if (result === null) return;
      expect(result.isError).toBeUndefined();
      returned.push(number);
      if (number % 4 === 0) await Bun.sleep(60);
    }
  };
  const workers = Promise.all([worker(), worker(), worker(), worker()]);
  return {
    returned,
    /** @returns the first number that was not used. */
    async end(): Promise<number> {
      on = false;
      await workers;
      return next;
    },
  };
}

/** Every number returned was shown; first showings are in order; every later showing says that it is one. */
function judge(shown: readonly ChannelEvent[], returned: readonly number[]): void {
  const seen = new Set<number>();
  const first: number[] = [];
  for (const event of shown) {
    const number = numberOf(event);
    if (seen.has(number)) expect([number, isRepeat(event)]).toEqual([number, true]);
    else first.push(number);
    seen.add(number);
  }
  expect(first).toEqual([...first].sort((a, b) => a - b));
  expect(returned.filter((number) => !seen.has(number))).toEqual([]);
}

describe("kill -9 at a random moment", () => {
  test("of the sender loses nothing of what it was told is sent, and shows nothing twice", async () => {
    const b = await bus.start({ name: "bob", channel: true });
    const returned: number[] = [];
    let from = 0;
    for (let round = 0; round < 6; round++) {
      const a = await bus.start({ name: "alice" });
      expect((await a.ok("who")).you.name).toBe("alice");
      const sending = stream(a, from);
      await until("it sends", () => sending.returned.length > Math.random() * 60);
      a.kill("SIGKILL");
      from = await sending.end();
      returned.push(...sending.returned);
      await a.gone;
    }
    const last = await bus.start({ name: "alice" });
    await last.ok("dm", { to: "bob", content: String(from) });
    await b.events.next((event) => numberOf(event) === from);
    expect(returned.length).toBeGreaterThan(0);
    judge(b.events.all, [...returned, from]);
    expect(b.events.all.filter(isRepeat)).toEqual([]);
  });

  test("of the receiver loses nothing and shows twice only what is marked", async () => {
    const a = await bus.start({ name: "alice" });
    let b = await bus.start({ name: "bob", channel: true });
    const sending = stream(a, 0);
    const shown: ChannelEvent[] = [];
    for (let round = 0; round < 6; round++) {
      expect((await b.ok("who")).you.name).toBe("bob");
      await until("it is shown some", () => b.events.all.length > Math.random() * 60);
      b.kill("SIGKILL");
      await b.gone;
      shown.push(...b.events.all);
      b = await bus.start({ name: "bob", channel: true });
    }
    const end = await sending.end();
    await a.ok("dm", { to: "bob", content: String(end) });
    await b.events.next((event) => numberOf(event) === end);
    shown.push(...b.events.all);
    judge(shown, [...sending.returned, end]);
  });

  test("of the sender of broadcasts leaves none that reached only some", async () => {
    const [b, c] = await bus.startAll("bob", "carol");
    for (let round = 0; round < 4; round++) {
      const a = await bus.start({ name: "alice" });
      let sent = 0;
      const sending = (async () => {
        for (let n = 0; ; n++) {
          const result = await a
            .call("broadcast", { content: `${round}${String(n).padStart(4, "0")}` })
            .catch(() => null);
          if (result === null) return;
          sent++;
        }
      })();
      await until("it sends", () => sent > Math.random() * 30);
      a.kill("SIGKILL");
      await sending;
      await a.gone;
    }
    const last = await bus.start({ name: "alice" });
    await last.ok("broadcast", { content: "90000" });
    await Promise.all([b, c].map(({ events }) => events.next((event) => numberOf(event) === 90_000)));
    expect(b.events.all.map(numberOf)).toEqual(c.events.all.map(numberOf));
  });
});

describe("a message that was handed over", () => {
  test("but never proved to be read is shown again after a kill, marked as a repeat", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob", channel: true });
    b.client.setRequestHandler(PingRequestSchema, () => new Promise(() => {})); // gives no sign of having read
    await a.ok("dm", { to: "bob", content: "1" });
    expect(isRepeat(await b.events.next())).toBe(false);
    expect((await a.ok("history")).messages[0]?.receipts).toMatchObject([
      { state: "handed", path: "channel" },
    ]);
    b.kill("SIGKILL");
    await b.gone;
    const again = await bus.start({ name: "bob", channel: true });
    const event = await again.events.next();
    expect([numberOf(event), isRepeat(event)]).toEqual([1, true]);
  });

  test("by inbox and never proved to be read is in the next inbox, marked as a repeat", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob" });
    b.client.setRequestHandler(PingRequestSchema, () => new Promise(() => {}));
    await a.ok("dm", { to: "bob", content: "1" });
    expect((await b.ok("inbox")).messages[0]?.repeat).toBeUndefined();
    expect((await b.ok("inbox")).messages).toEqual([]);
    b.kill("SIGKILL");
    await b.gone;
    const again = await bus.start({ name: "bob" });
    expect((await again.ok("inbox")).messages).toMatchObject([{ repeat: true }]);
  });

  test("and proved to be read is never shown again", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await a.ok("dm", { to: "bob", content: "1" });
    await b.events.next();
    const state = async () => (await a.ok("history")).messages[0]?.receipts[0]?.state;
    await until("it counts as seen", async () => (await state()) === "seen");
    b.kill("SIGKILL");
    await b.gone;
    const again = await bus.start({ name: "bob", channel: true });
    await a.ok("dm", { to: "bob", content: "2" });
    expect(numberOf(await again.events.next())).toBe(2);
  });
});

describe("a sender that is gone for good", () => {
  test("has its signed messages delivered all the same", async () => {
    await bus.start({ name: "bob" }).then((b) => b.stop());
    const a = await bus.start({ name: "alice", role: "planner" });
    const { message_id } = await a.ok("dm", { to: "bob", content: "1" });
    a.kill("SIGKILL");
    await a.gone;
    const b = await bus.start({ name: "bob", channel: true });
    expect((await b.events.next()).meta).toMatchObject({
      message_id,
      from_session: "alice",
      from_role: "planner",
    });
    expect((await b.ok("reply", { message_id, content: "2" })).recipients).toEqual([
      { name: "alice", presence: "closed" },
    ]);
  });
});
