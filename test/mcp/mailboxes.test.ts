/** Mail that waits for a closed name: who gets it, and who does not. */
import { describe, expect, test } from "bun:test";
import type { TestSession } from "../support/session.ts";
import { type Start, testBus } from "../support/testbus.ts";

const bus = testBus();

/** A session of this kind has run and closed, and a message waits for it. */
async function waitingFor(start: Start): Promise<void> {
  const bob = await bus.start(start);
  await bob.stop();
  const sender = await bus.start({ name: "sender" });
  const { recipients } = await sender.ok("dm", { to: start.name ?? "", content: "secret" });
  expect(recipients).toEqual([{ name: start.name ?? "", presence: "closed" }]);
  await sender.stop();
}

const mailOf = async ({ ok }: TestSession) =>
  (await ok("inbox")).messages.map((one) => one.content.split("\n\n")[1]);

describe("waiting mail passes on to the next session", () => {
  test("that was started with that name in the same project, also in another folder", async () => {
    await waitingFor({ name: "bob", project: "shop", folder: "one" });
    const next = await bus.start({ name: "bob", project: "shop", folder: "two" });
    expect(await mailOf(next)).toEqual(["secret"]);
  });

  test("that has that name in the same project and folder, without having been given it", async () => {
    await waitingFor({ name: "bob", folder: "bob" });
    const next = await bus.start({ folder: "bob" });
    expect((await next.ok("who")).you.name).toBe("bob");
    expect(await mailOf(next)).toEqual(["secret"]);
  });

  test("that registers the name in the same folder", async () => {
    await waitingFor({ name: "bob", folder: "work" });
    const next = await bus.start({ folder: "work" });
    expect(await mailOf(next)).toEqual([]);
    await next.ok("register", { name: "bob" });
    expect(await mailOf(next)).toEqual(["secret"]);
  });

  test("only once, in the order sent, and it may be answered", async () => {
    const a = await bus.start({ name: "alice", channel: true });
    await bus.start({ name: "bob" }).then((bob) => bob.stop());
    for (const content of ["1", "2", "3"]) await a.ok("dm", { to: "bob", content });
    const b = await bus.start({ name: "bob", channel: true });
    const last = await b.events.next((event) => event.content.endsWith("\n\n3"));
    expect(b.events.all.map((event) => event.content.split("\n\n")[1])).toEqual(["1", "2", "3"]);
    await b.ok("reply", { message_id: last.meta.message_id, content: "got all" });
    expect((await a.events.next()).content).toEndWith("\n\ngot all");
  });
});

describe("waiting mail stays where it is", () => {
  test("for a session of that name in another project, or in none", async () => {
    await waitingFor({ name: "bob", project: "shop" });
    for (const other of [{ project: "library" }, {}]) {
      const next = await bus.start({ name: "bob", ...other });
      expect((await next.ok("who")).you.name).toBe("bob");
      expect(await mailOf(next)).toEqual([]);
      expect((await next.ok("history")).messages).toEqual([]);
      await next.stop();
    }
    const right = await bus.start({ name: "bob", project: "shop" });
    expect(await mailOf(right)).toEqual(["secret"]);
  });

  test("for a session whose folder happens to have that name: it becomes a variant", async () => {
    await waitingFor({ name: "bob", folder: "one/bob" });
    const next = await bus.start({ folder: "two/bob" });
    expect((await next.ok("who")).you.name).toBe("bob-2");
    expect(await mailOf(next)).toEqual([]);
    const right = await bus.start({ name: "bob", folder: "three" });
    expect(await mailOf(right)).toEqual(["secret"]);
  });

  test("for a session elsewhere that registers the name: it is refused and told whose it is", async () => {
    await waitingFor({ name: "bob", folder: "one" });
    const next = await bus.start({ name: "mallory" });
    const fault = await next.refused("register", { name: "bob" });
    expect(fault.code).toBe("mailbox_held");
    expect(fault.message).toContain('"bob" has 1 unread message for a session that ran in');
    expect(fault.message).toContain(bus.path("one"));
    expect(fault.you?.name).toBe("mallory");
    expect(await mailOf(next)).toEqual([]);
  });

  test("and what an earlier holder read or wrote is no history of a stranger's", async () => {
    const a = await bus.start({ name: "alice" });
    const bob = await bus.start({ name: "bob", folder: "one" });
    await a.ok("dm", { to: "bob", content: "private" });
    expect(await mailOf(bob)).toEqual(["private"]);
    await bob.ok("dm", { to: "alice", content: "private too" });
    await bob.ok("block", { name: "eve" });
    await bob.stop();
    const stranger = await bus.start({ name: "mallory" });
    expect((await stranger.ok("register", { name: "bob" })).you.name).toBe("bob");
    expect((await stranger.ok("history")).messages).toEqual([]);
    expect((await stranger.ok("history", { query: "private" })).messages).toEqual([]);
    expect(await stranger.ok("mute", { name: "x" })).toMatchObject({ blocked: [] });
  });
});
