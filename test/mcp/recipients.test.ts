/** Who is meant by an address, and what is said about one that means nobody, or several. */
import { describe, expect, test } from "bun:test";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const content = "hello";

describe("an address", () => {
  test("is a name in any writing, a session's id or its beginning, or a folder's name in any case", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "back-end", folder: "Web-App" });
    const id = (await b.ok("who")).sessions.find((session) => session.you)?.id ?? "";
    const path = bus.path("Web-App");
    for (const to of [
      "back-end",
      " Back End ",
      "BACK-END",
      id,
      id.slice(0, 8),
      id.toUpperCase(),
      "web-app",
      path,
      `${path}/`,
    ]) {
      expect([to, (await a.ok("dm", { to, content })).recipients]).toEqual([
        to,
        [{ name: "back-end", presence: "live" }],
      ]);
    }
  });

  test("that nobody has is an error, with those in reach as candidates and the likeliest first", async () => {
    const a = await bus.start({ name: "alice" });
    await Promise.all(["zoe", "backend", "frontend"].map((name) => bus.start({ name })));
    expect(await a.refused("dm", { to: "end", content })).toMatchObject({
      code: "unknown_recipient",
      candidates: ["backend", "frontend", "zoe"],
    });
    for (const to of [
      "",
      "   ",
      "no such session",
      "../backend",
      "back*",
      "%",
      "'; drop table session; --",
      "x".repeat(1_000_000),
    ]) {
      const fault = await a.refused("dm", { to, content });
      expect(["unknown_recipient", "invalid_name"]).toContain(fault.code);
      expect(fault.message.length).toBeLessThan(500);
    }
  });

  test("does not offer as candidates those whom this session may not write to", async () => {
    const a = await bus.start({ name: "alice", project: "shop" });
    await bus.start({ name: "bob", project: "shop" });
    await bus.start({ name: "carol", project: "library" });
    expect((await a.refused("dm", { to: "dora", content })).candidates).toEqual(["bob"]);
  });

  test("that fits several folders is an error that lists them with their ids; an id settles it", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob", folder: "one/api" });
    const c = await bus.start({ name: "carol", folder: "two/api" });
    const ids = (await a.ok("who", { folder: "api" })).sessions.map((session) => session.id);
    const fault = await a.refused("dm", { to: "api", content });
    expect(fault.code).toBe("ambiguous_recipient");
    expect([...(fault.candidates ?? [])].sort()).toEqual(
      [`bob (${ids[0]}, ${bus.path("one/api")})`, `carol (${ids[1]}, ${bus.path("two/api")})`].sort(),
    );
    await a.ok("dm", { to: ids[1], content });
    expect((await c.ok("inbox")).messages).toHaveLength(1);
    expect((await b.ok("inbox")).messages).toHaveLength(0);
  });

  test("that several closed sessions of different projects had is an error that lists them", async () => {
    for (const project of ["shop", "library"]) {
      const session = await bus.start({ name: "bob", project });
      await session.stop();
    }
    const a = await bus.start({ name: "alice" });
    const fault = await a.refused("dm", { to: "bob", content });
    expect(fault.code).toBe("ambiguous_recipient");
    expect([...(fault.candidates ?? [])].sort()).toEqual(["bob (library)", "bob (shop)"]);
    const near = await bus.start({ name: "amy", project: "shop" });
    expect((await near.ok("dm", { to: "bob", content })).recipients).toEqual([
      { name: "bob", presence: "closed" },
    ]);
  });

  test("may be too short a beginning of an id to count as one", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob" });
    const id = (await b.ok("who")).sessions.find((session) => session.you)?.id ?? "";
    expect((await a.refused("dm", { to: id.slice(0, 3), content })).code).toBe("unknown_recipient");
    expect((await a.ok("dm", { to: id.slice(0, 4), content })).recipients).toHaveLength(1);
  });
});

describe("a message to oneself", () => {
  test("is refused, however this session is addressed", async () => {
    const a = await bus.start({ name: "alice", folder: "Here" });
    const id = (await a.ok("who")).sessions[0]?.id ?? "";
    for (const to of ["alice", "ALICE ", id, id.slice(0, 6), "here", bus.path("Here")]) {
      expect([to, (await a.refused("dm", { to, content })).code]).toEqual([to, "self_message"]);
    }
    expect((await a.refused("mute", { name: "Alice" })).code).toBe("self_message");
    expect((await a.refused("block", { name: "alice" })).code).toBe("self_message");
    const sent = await a.refused("broadcast", { content });
    expect(sent.code).toBe("no_recipients");
    expect((await a.ok("inbox")).messages).toEqual([]);
  });
});

describe("a reply", () => {
  test("answers only a message that this session received", async () => {
    const [a, b, c] = await bus.startAll("alice", "bob", "carol");
    const sent = await a.ok("dm", { to: "bob", content });
    const { message_id } = sent;
    for (const [session, id] of [
      [b, "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
      [b, ""],
      [b, "' or 1=1 --"],
      [b, "x".repeat(100_000)],
      [a, message_id], // its sender
      [c, message_id], // a third one
    ] as const) {
      const fault = await session.refused("reply", { message_id: id, content });
      expect(fault.code).toBe("unknown_message");
      expect(fault.message.length).toBeLessThan(300);
    }
    await b.ok("reply", { message_id: ` ${message_id.toLowerCase()} `, content: "yes" });
    expect((await a.events.next()).content).toEndWith("\n\nyes");
    expect(c.events.all).toEqual([]);
  });

  test("finds a sender that has taken another name, and waits for one that has gone", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const { message_id } = await a.ok("dm", { to: "bob", content });
    await a.ok("register", { name: "ada", project: "shop" });
    expect((await b.ok("reply", { message_id, content: "one" })).recipients).toEqual([
      { name: "ada", presence: "live" },
    ]);
    expect((await a.events.next()).meta).toMatchObject({ to_session: "ada", in_reply_to: message_id });
    await until("ada's server knows that she read it", async () => {
      const [last] = (await b.ok("history")).messages;
      return last?.receipts[0]?.state === "seen";
    });
    await a.stop();
    expect((await b.ok("reply", { message_id, content: "two" })).recipients).toEqual([
      { name: "ada", presence: "closed" },
    ]);
    const again = await bus.start({ name: "ada", project: "shop", channel: true });
    expect((await again.events.next()).content).toEndWith("\n\ntwo");
  });

  test("can be given more than once, and marks the message as replied", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const { message_id } = await a.ok("dm", { to: "bob", content });
    await b.ok("reply", { message_id, content: "one" });
    await b.ok("reply", { message_id, content: "two" });
    await a.events.next((event) => event.content.endsWith("two"));
    const sent = (await a.ok("history", { with: "bob" })).messages.find(
      (one) => one.message_id === message_id,
    );
    expect(sent?.receipts.map(({ state }) => state)).toEqual(["replied"]);
  });
});
