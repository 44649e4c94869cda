/** Staying on the roster, and being heard: sleep, lost rows, lost bells. */
import { describe, expect, test } from "bun:test";
import { unlinkSync } from "node:fs";
import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const content = "hello";
const names = async ({ ok }: TestSession) => (await ok("who")).sessions.map(({ name }) => name).sort();
const bodies = ({ events }: TestSession) => events.all.map((event) => event.content.split("\n\n")[1]);

describe("a session whose process is stopped", () => {
  test("stays on the roster, and its mail comes when it goes on", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    b.kill("SIGSTOP");
    for (let n = 0; n < 600; n++) await a.ok("dm", { to: "bob", content: String(n) });
    expect(await names(a)).toEqual(["alice", "bob"]);
    expect((await a.ok("who")).sessions.find(({ name }) => name === "bob")?.unread).toBe(600);
    expect(b.events.all).toEqual([]);
    b.kill("SIGCONT");
    await b.events.next((event) => event.content.endsWith("\n\n599"));
    expect(bodies(b)).toEqual(Array.from({ length: 600 }, (_, n) => String(n)));
  });
});

describe("a session whose row was deleted by hand", () => {
  test("registers again under its name at the next poll and gets its mail", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await b.ok("register", { name: "bob", role: "tests", project: "shop" });
    const file = bus.open();
    file.run("delete from session where name = 'bob'");
    await until("bob is back", async () => (await names(a)).includes("bob"), 3_000);
    const row = (await a.ok("who")).sessions.find(({ name }) => name === "bob");
    expect(row).toMatchObject({ role: "tests", project: "shop", presence: "live" });
    await a.ok("dm", { to: "bob", content });
    expect((await b.events.next()).content).toEndWith(`\n\n${content}`);
    const { message_id } = await a.ok("dm", { to: "bob", content: "again" });
    await b.ok("reply", { message_id, content: "heard" });
    expect((await a.events.next()).content).toEndWith("\n\nheard");
  });

  test("does so while it sends: nothing that it was told is sent is lost", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const file = bus.open();
    const sent: string[] = [];
    for (let n = 0; n < 200; n++) {
      if (n % 50 === 25) file.run("delete from session where name = 'alice'");
      const result = await a.call("dm", { to: "bob", content: String(n) });
      if (result.isError === undefined) sent.push(String(n));
    }
    await until("alice is back", async () => (await names(b)).includes("alice"), 3_000);
    await a.ok("dm", { to: "bob", content: "last" });
    await b.events.next((event) => event.content.endsWith("\n\nlast"));
    expect(bodies(b)).toEqual([...sent, "last"]);
    expect((await b.ok("who")).warnings).toBeUndefined();
  });

  test("keeps the role it started with as the one that counts", async () => {
    const env = { CC_DM_BROADCAST_ALLOWED_ROLES: "planner" };
    const a = await bus.start({ name: "alice", role: "backend", env });
    const b = await bus.start({ name: "bob" });
    await a.ok("register", { name: "alice", role: "planner" });
    expect((await a.refused("broadcast", { content })).code).toBe("not_allowed");
    bus.open().run("delete from session where name = 'alice'");
    await until("alice is back", async () => (await names(b)).includes("alice"), 3_000);
    expect((await a.refused("broadcast", { content })).code).toBe("not_allowed");
  });

  test("becomes a variant if somebody else has taken its name meanwhile", async () => {
    const a = await bus.start({ name: "alice", channel: true });
    a.kill("SIGSTOP");
    bus.open().run("delete from session where name = 'alice'");
    const other = await bus.start({ name: "alice", folder: "other" });
    expect((await other.ok("who")).you.name).toBe("alice");
    a.kill("SIGCONT");
    await until("it is back", async () => (await names(other)).length === 2, 3_000);
    expect(await names(other)).toEqual(["alice", "alice-2"]);
    expect((await a.ok("who")).you.name).toBe("alice-2");
    await other.ok("dm", { to: "alice-2", content });
    expect((await a.events.next()).meta.to_session).toBe("alice-2");
  });
});

describe("without the bell", () => {
  test("the poll delivers, where the receiver has none", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob", channel: true, env: { CC_DM_BELL: "off" } });
    await a.ok("dm", { to: "bob", content });
    expect((await b.events.next(undefined, 3_000)).content).toEndWith(content);
  });

  test("the poll delivers, where the sender rings none", async () => {
    const a = await bus.start({ name: "alice", env: { CC_DM_BELL: "off" } });
    const b = await bus.start({ name: "bob", channel: true });
    await a.ok("dm", { to: "bob", content });
    expect((await b.events.next(undefined, 3_000)).content).toEndWith(content);
  });

  test("the poll delivers, where the socket was removed or the home's path is too long for one", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob", channel: true });
    const bell =
      bus.open().query<{ bell: string }, []>("select bell from session where name = 'bob'").get()?.bell ?? "";
    unlinkSync(bell);
    await a.ok("dm", { to: "bob", content });
    expect((await b.events.next(undefined, 3_000)).content).toEndWith(content);

    const env = { CC_DM_HOME: bus.path("x".repeat(100)) };
    const c = await bus.start({ name: "carol", env });
    const d = await bus.start({ name: "dora", channel: true, env });
    await c.ok("dm", { to: "dora", content });
    expect((await d.events.next(undefined, 3_000)).content).toEndWith(content);
  });
});
