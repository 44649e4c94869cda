/** Looking back: what is found, in which order, and by whom. */
import { describe, expect, test } from "bun:test";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

async function find({ ok }: TestSession, query: Record<string, unknown>): Promise<string[]> {
  return (await ok("history", query)).messages.map((one) => one.content);
}

describe("history", () => {
  test("gives the newest first, no more than asked for, and 20 if nothing is said", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const texts = Array.from({ length: 25 }, (_, n) => `number ${n}`);
    for (const content of texts) await a.ok("dm", { to: "bob", content });
    await b.events.next((event) => event.content.endsWith("number 24"));
    const newest = texts.toReversed();
    for (const session of [a, b]) {
      expect(await find(session, {})).toEqual(newest.slice(0, 20));
      expect(await find(session, { limit: 3 })).toEqual(newest.slice(0, 3));
      expect(await find(session, { limit: 100 })).toEqual(newest);
    }
  });

  test("shows a session what it sent and received, not what others wrote each other", async () => {
    const [a, b, c] = await bus.startAll("alice", "bob", "carol");
    await a.ok("dm", { to: "bob", content: "for bob" });
    await c.ok("dm", { to: "bob", content: "from carol" });
    await b.events.next((event) => event.content.endsWith("from carol"));
    expect(await find(a, {})).toEqual(["for bob"]);
    expect(await find(b, {})).toEqual(["from carol", "for bob"]);
    expect(await find(c, {})).toEqual(["from carol"]);
    expect(await find(c, { query: "bob" })).toEqual([]);
    expect(await find(c, { with: "alice" })).toEqual([]);
  });

  test("does not give away unread mail", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob" });
    await a.ok("dm", { to: "bob", content: "unread" });
    expect(await find(b, {})).toEqual([]);
    expect(await find(b, { query: "unread" })).toEqual([]);
    await b.ok("inbox");
    expect(await find(b, { query: "unread" })).toEqual(["unread"]);
  });

  test("narrows by thread and by session, in any writing, also by one that has closed", async () => {
    const [a, b, c] = await bus.startAll("alice", "bob", "carol");
    await a.ok("dm", { to: "bob", content: "b1", thread_id: "T-1" });
    await a.ok("dm", { to: "carol", content: "c1", thread_id: "T-1" });
    await a.ok("dm", { to: "bob", content: "b2", thread_id: "T-2" });
    const { meta } = await c.events.next();
    await c.ok("reply", { message_id: meta.message_id, content: "c2" });
    await a.events.next();
    await b.stop();
    expect(await find(a, { thread_id: "T-1" })).toEqual(["c2", "c1", "b1"]);
    expect(await find(a, { thread_id: "t-1" })).toEqual([]);
    expect(await find(a, { with: " BOB " })).toEqual(["b2", "b1"]);
    expect(await find(a, { with: "carol", thread_id: "T-1", limit: 1 })).toEqual(["c2"]);
    expect(await find(a, { with: "nobody" })).toEqual([]);
    expect((await a.refused("history", { with: "a/b" })).code).toBe("invalid_name");
  });

  test("finds words by their beginning, in any order, any case and without accents", async () => {
    const [a] = await bus.startAll("alice", "bob");
    const text = "Die Prüfung of the café's checkout-flow failed: see src/cart.ts line 42";
    await a.ok("dm", { to: "bob", content: text });
    await a.ok("dm", { to: "bob", content: "something else" });
    for (const query of [
      "checkout",
      "CHECK",
      "flow checkout",
      "prufung",
      "Prüfung cafe",
      "cart.ts",
      "src/cart.ts",
      "line 42",
    ]) {
      expect([query, await find(a, { query })]).toEqual([query, [text]]);
    }
    for (const query of ["heckout", "checkout missing", "prüfungen"]) {
      expect([query, await find(a, { query })]).toEqual([query, []]);
    }
    await a.ok("dm", { to: "bob", content: "checkout again" });
    expect(await find(a, { query: "checkout" })).toEqual(["checkout again", text]);
  });

  test("takes quotes, operators and SQL for the words they are", async () => {
    const [a] = await bus.startAll("alice", "bob");
    const text = 'He said "NOT now" AND left* (near) the col:umn OR -- x';
    await a.ok("dm", { to: "bob", content: text });
    for (const query of [
      '"NOT now"',
      "AND",
      "OR",
      "NOT",
      "left*",
      "(near)",
      "NEAR(said now)",
      "col:umn",
      "body:said",
      '"',
      '"said',
      "said'",
      "^he",
      "said + now",
      "{he}",
      "'; drop table message; --",
      "* ( ) - + :",
      "\u0000",
      "x".repeat(500),
    ]) {
      const result = await a.call("history", { query });
      expect([query, result.isError]).toEqual([query, undefined]);
    }
    for (const query of ['"NOT now"', "AND OR", "left*", "(near)", "col:umn", '"said']) {
      expect([query, await find(a, { query })]).toEqual([query, [text]]);
    }
    expect(await find(a, { query: "NOT said absent" })).toEqual([]);
    expect(await find(a, { query: '" * ( )' })).toEqual([]);
    expect(await find(a, {})).toEqual([text]);
  });
});
