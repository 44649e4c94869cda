/** Who may write to whom: projects, the sender's lists, the receiver's block. */
import { describe, expect, test } from "bun:test";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const content = "hello";

describe("a project", () => {
  test("keeps new messages of its sessions within it, by whatever address", async () => {
    const a = await bus.start({ name: "alice", project: "Shop" });
    const b = await bus.start({ name: "bob", project: "library" });
    const c = await bus.start({ name: "carol" });
    const d = await bus.start({ name: "dora", project: "  sHOP " });
    const ids = (await a.ok("who")).sessions.map((session) => session.id);
    for (const to of ["bob", "carol", ids[1], ids[2], bus.path("bob")]) {
      const fault = await a.refused("dm", { to, content });
      expect([to, fault.code]).toEqual([to, "out_of_scope"]);
    }
    expect((await a.refused("dm", { to: "bob", content })).message).toContain('project "library"');
    expect((await a.ok("dm", { to: "dora", content })).recipients).toHaveLength(1);
    for (const session of [b, c]) expect((await session.ok("inbox")).messages).toEqual([]);
    expect((await d.ok("inbox")).messages).toHaveLength(1);
  });

  test("does not bind a session that has none", async () => {
    const a = await bus.start({ name: "alice" });
    await bus.start({ name: "bob", project: "library" });
    expect((await a.ok("dm", { to: "bob", content })).recipients).toHaveLength(1);
    expect((await a.ok("broadcast", { content })).recipients).toEqual([{ name: "bob", presence: "live" }]);
  });

  test("does not bind a reply, to and fro, but it does bind the next new message", async () => {
    const a = await bus.start({ name: "alice", project: "shop", channel: true });
    const b = await bus.start({ name: "bob", channel: true });
    const asked = await b.ok("dm", { to: "alice", content: "?" });
    const answer = await a.ok("reply", { message_id: asked.message_id, content: "!" });
    expect((await b.events.next()).content).toEndWith("\n\n!");
    const more = await b.ok("reply", { message_id: answer.message_id, content: "?!" });
    await a.ok("reply", { message_id: more.message_id, content: "!!" });
    expect((await b.events.next()).content).toEndWith("\n\n!!");
    expect((await a.refused("dm", { to: "bob", content })).code).toBe("out_of_scope");
  });

  test("is the whole of a broadcast, and a role narrows it", async () => {
    const a = await bus.start({ name: "alice", project: "shop" });
    for (const [name, role, project] of [
      ["bob", "backend", "shop"],
      ["carol", "tests", "shop"],
      ["dora", "tests", "library"],
    ] as const) {
      await bus.start({ name, role, project });
    }
    await bus.start({ name: "eve", role: "tests" });
    const names = async (role?: string) =>
      (await a.ok("broadcast", role === undefined ? { content } : { content, role })).recipients.map(
        ({ name }) => name,
      );
    expect(await names()).toEqual(["bob", "carol"]);
    expect(await names(" TESTS ")).toEqual(["carol"]);
    expect((await a.refused("broadcast", { content, role: "boss" })).code).toBe("no_recipients");
    await a.ok("register", { name: "alice", project: "" });
    expect(await names()).toEqual(["bob", "carol", "dora", "eve"]);
  });

  test("of a session that changes it, is at once the one that counts", async () => {
    const a = await bus.start({ name: "alice", project: "shop" });
    const b = await bus.start({ name: "bob", project: "library", channel: true });
    expect((await a.refused("dm", { to: "bob", content })).code).toBe("out_of_scope");
    await a.ok("register", { name: "alice", project: "library" });
    await a.ok("dm", { to: "bob", content });
    expect((await b.events.next()).meta.from_project).toBe("library");
    await b.ok("register", { name: "bob", project: "" });
    expect((await a.refused("dm", { to: "bob", content })).code).toBe("out_of_scope");
  });
});

describe("a broadcast", () => {
  test("goes to live sessions only, never to a mailbox", async () => {
    const [a, b, c, d] = await bus.startAll("alice", "bob", "carol", "dora");
    await b.stop();
    c.kill("SIGKILL");
    await c.gone;
    expect((await a.ok("broadcast", { content })).recipients).toEqual([{ name: "dora", presence: "live" }]);
    await d.events.next();
    for (const name of ["bob", "carol"]) {
      const again = await bus.start({ name });
      expect((await again.ok("inbox")).messages).toEqual([]);
    }
  });
});

describe("CC_DM_DM_ALLOWLIST", () => {
  test("names all whom a session may write to, in any writing; replies are bound by it too", async () => {
    const a = await bus.start({
      name: "alice",
      env: { CC_DM_DM_ALLOWLIST: " Back End ,carol," },
      channel: true,
    });
    await bus.start({ name: "back-end" });
    const b = await bus.start({ name: "bob" });
    expect((await a.ok("dm", { to: "BACK-END", content })).recipients).toHaveLength(1);
    expect((await a.refused("dm", { to: "bob", content })).code).toBe("not_allowed");
    const { message_id } = await b.ok("dm", { to: "alice", content: "?" });
    const fault = await a.refused("reply", { message_id, content: "!" });
    expect(fault.code).toBe("not_allowed");
    expect(fault.message).toContain("CC_DM_DM_ALLOWLIST");
  });
});

describe("CC_DM_DM_BLOCKLIST", () => {
  test("names those whom a session may not write to, in any writing; an empty one forbids nothing", async () => {
    const a = await bus.start({ name: "alice", env: { CC_DM_DM_BLOCKLIST: "BOB,  Front  End" } });
    const free = await bus.start({
      name: "free",
      env: { CC_DM_DM_BLOCKLIST: " , ", CC_DM_DM_ALLOWLIST: "" },
    });
    await Promise.all(["bob", "front-end", "carol"].map((name) => bus.start({ name })));
    for (const to of ["bob", "front-end"]) {
      const fault = await a.refused("dm", { to, content });
      expect(fault.code).toBe("not_allowed");
      expect(fault.message).toContain("CC_DM_DM_BLOCKLIST");
      await free.ok("dm", { to, content });
    }
    await a.ok("dm", { to: "carol", content });
  });
});

describe("CC_DM_BROADCAST_ALLOWED_ROLES", () => {
  test("names the roles that may broadcast; the role at start counts, and register lifts no gate", async () => {
    const env = { CC_DM_BROADCAST_ALLOWED_ROLES: "Team Lead, planner" };
    const a = await bus.start({ name: "alice", role: "backend", env });
    const b = await bus.start({ name: "bob", role: "TEAM  lead", env });
    const fault = await a.refused("broadcast", { content });
    expect(fault.code).toBe("not_allowed");
    expect(fault.message).toContain("team-lead, planner");
    await a.ok("register", { name: "alice", role: "planner" });
    expect((await a.refused("broadcast", { content })).code).toBe("not_allowed");
    await b.ok("register", { name: "bob", role: "backend" });
    expect((await b.ok("broadcast", { content })).recipients).toHaveLength(1);
    await a.ok("dm", { to: "bob", content });
  });
});

describe("block", () => {
  test("refuses a session's messages and replies and tells it so; broadcasts go on without", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await bus.start({ name: "carol" });
    const asked = await b.ok("dm", { to: "alice", content: "?" });
    await b.ok("block", { name: " ALICE " });
    const fault = await a.refused("dm", { to: "bob", content });
    expect(fault.code).toBe("blocked");
    expect(fault.message).toContain('"bob"');
    expect((await a.refused("reply", { message_id: asked.message_id, content })).code).toBe("blocked");
    expect(await a.ok("broadcast", { content })).toMatchObject({
      recipients: [{ name: "carol", presence: "live" }],
      skipped: [{ name: "bob", why: "blocked" }],
    });
    await b.ok("block", { name: "alice", off: true });
    await a.ok("dm", { to: "bob", content: "again" });
    expect((await b.events.next()).content).toEndWith("\n\nagain");
  });

  test("holds while the session that blocks is closed, and after it has come back", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await b.ok("block", { name: "alice" });
    await b.stop();
    expect((await a.refused("dm", { to: "bob", content })).code).toBe("blocked");
    await bus.start({ name: "bob" });
    expect((await a.refused("dm", { to: "bob", content })).code).toBe("blocked");
  });

  test("says who blocks when nobody else is left to broadcast to", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await b.ok("block", { name: "alice" });
    const fault = await a.refused("broadcast", { content });
    expect(fault.code).toBe("no_recipients");
    expect(fault.message).toContain("1 blocked this session");
  });
});
