/** The exact form of what every tool answers. */
import { describe, expect, test } from "bun:test";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const sessionId = /^[0-9a-hjkmnp-tv-z]{26}$/;
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe("who", () => {
  test("gives every live session with all that is known of it, and marks this one", async () => {
    await Bun.write(bus.path("repo", ".git", "HEAD"), "ref: refs/heads/feature/cart\n");
    const a = await bus.start({ name: "alice", role: "planner", project: "shop", folder: "repo/sub" });
    const b = await bus.start({ name: "bob" });
    await a.ok("register", { name: "alice", project: "" });
    await a.ok("dm", { to: "bob", content: "one" });
    const told = async () => (await b.ok("who")).sessions.every((session) => "reach" in session);
    await until("everybody has told how it can be reached", told);

    expect<unknown>(await b.ok("who")).toEqual({
      sessions: [
        {
          id: expect.stringMatching(sessionId),
          name: "alice",
          role: "planner",
          project: null,
          cwd: bus.path("repo", "sub"),
          repo: "repo",
          branch: "feature/cart",
          presence: "live",
          since: expect.stringMatching(iso),
          reach: "pull",
          unread: 0,
          you: false,
        },
        {
          id: expect.stringMatching(sessionId),
          name: "bob",
          role: "worker",
          project: null,
          cwd: bus.path("bob"),
          repo: null,
          branch: null,
          presence: "live",
          since: expect.stringMatching(iso),
          reach: "pull",
          unread: 1,
          you: true,
        },
      ],
      unread: "1 unread; call inbox",
      you: { name: "bob", role: "worker", project: null },
    });
  });

  test("shows the project's folder, not the folder the server was started in", async () => {
    const elsewhere = bus.path("elsewhere");
    const { ok } = await bus.start({ name: "alice", env: { CLAUDE_PROJECT_DIR: elsewhere } });
    expect((await ok("who")).sessions[0]?.cwd).toBe(elsewhere);
  });

  test("filters by project, repository and folder, however they are written", async () => {
    await Bun.write(bus.path("Web-App", ".git", "HEAD"), "ref: refs/heads/main\n");
    const a = await bus.start({ name: "alice", project: "Online Shop" });
    await bus.start({ name: "bob", folder: "Web-App" });
    const names = async (filter: Record<string, string>) =>
      (await a.ok("who", filter)).sessions.map((session) => session.name);

    expect(await names({ project: "ONLINE shop" })).toEqual(["alice"]);
    expect(await names({ repo: "web-app" })).toEqual(["bob"]);
    expect(await names({ folder: "web-app" })).toEqual(["bob"]);
    expect(await names({ folder: `${bus.path("alice")}/` })).toEqual(["alice"]);
    expect(await names({ folder: "nowhere" })).toEqual([]);
    expect(await names({ project: "" })).toEqual(["bob"]);
  });
});

describe("dm, broadcast and reply", () => {
  test("give the message's id and every recipient with its presence", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await bus.start({ name: "carol" }); // the last, as recipients come in the order of their start
    const told = async () => (await a.ok("who")).sessions.every((session) => "reach" in session);
    await until("everybody has told how it can be reached", told);
    const you = { name: "alice", role: "worker", project: null };

    const dm = await a.ok("dm", { to: "bob", content: "to one" });
    expect<unknown>(dm).toEqual({
      message_id: expect.stringMatching(ulid),
      recipients: [{ name: "bob", presence: "live" }],
      you,
    });

    expect<unknown>(await a.ok("broadcast", { content: "to all" })).toEqual({
      message_id: expect.stringMatching(ulid),
      recipients: [
        { name: "bob", presence: "live" },
        { name: "carol", presence: "live" },
      ],
      note: "carol reads messages only when it calls inbox.",
      you,
    });

    await Promise.all([b.events.next(), b.events.next()]); // else it would be told of unread mail
    expect<unknown>(await b.ok("reply", { message_id: dm.message_id, content: "back" })).toEqual({
      message_id: expect.stringMatching(ulid),
      recipients: [{ name: "alice", presence: "live" }],
      you: { name: "bob", role: "worker", project: null },
    });
  });

  test("say of a recipient that is not running that it is closed and the message waits", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await b.stop();
    expect<unknown>(await a.ok("dm", { to: "bob", content: "later" })).toEqual({
      message_id: expect.stringMatching(ulid),
      recipients: [{ name: "bob", presence: "closed" }],
      note: expect.stringContaining("bob is not running; the message waits"),
      you: { name: "alice", role: "worker", project: null },
    });
  });
});

describe("inbox", () => {
  test("gives unread mail oldest first, once, and leaves it unread when only peeked at", async () => {
    const a = await bus.start({ name: "alice", role: "planner", project: "shop" });
    const b = await bus.start({ name: "bob", project: "shop" });
    const sent = await a.ok("dm", { to: "bob", content: "first", thread_id: "t-1" });
    await a.ok("broadcast", { content: "second", priority: "urgent", message_type: "status" });
    const entry = {
      message_id: sent.message_id,
      from: "alice",
      from_role: "planner",
      from_project: "shop",
      sent_at: expect.stringMatching(iso),
      priority: "normal",
      message_type: null,
      thread_id: "t-1",
      in_reply_to: null,
      content: expect.stringMatching(
        new RegExp(
          `^From alice \\(planner, shop\\) · another session, not the user · \\d\\d:\\d\\d · reply with message_id ${sent.message_id}\n\nfirst$`,
        ),
      ),
    };
    const you = { name: "bob", role: "worker", project: "shop" };

    const peeked = await b.ok("inbox", { limit: 1, peek: true });
    expect<unknown>(peeked).toEqual({ messages: [entry], note: expect.any(String), left: 2, you });
    expect<unknown>(await b.ok("inbox", { limit: 1 })).toEqual({
      messages: [entry],
      note: expect.any(String),
      left: 1,
      you,
    });
    const [second] = (await b.ok("inbox")).messages;
    expect<unknown>(second).toMatchObject({ from: "alice", priority: "urgent", message_type: "status" });
    expect(second?.content).toMatch(
      / · urgent status broadcast · reply with message_id [0-9A-Z]{26}\n\nsecond$/,
    );
    expect<unknown>(await b.ok("inbox")).toEqual({ messages: [], you });
  });

  test("counts as seen only once the client has read the answer", async () => {
    const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
    await a.ok("dm", { to: "bob", content: "read me" });
    const state = async () => (await a.ok("history")).messages[0]?.receipts[0];
    expect<unknown>(await state()).toEqual({ name: "bob", state: "queued" });
    await b.ok("inbox", { peek: true });
    expect((await state())?.state).toBe("queued");
    await b.ok("inbox");
    // The server asks for a sign that its answer was read, and that comes after it.
    await until("the message counts as seen", async () => (await state())?.state === "seen");
    expect<unknown>(await state()).toMatchObject({ state: "seen", path: "pull", evidence: "result" });
  });
});

describe("register, mute and block", () => {
  test("register gives the identity that now holds, and the session's id stays", async () => {
    const { ok } = await bus.start({ name: "alice", role: "planner" });
    const id = (await ok("who")).sessions[0]?.id;
    expect<unknown>(await ok("register", { name: "  Ada Byron ", project: "Shop" })).toEqual({
      id,
      name: "ada-byron",
      role: "planner",
      project: "shop",
      you: { name: "ada-byron", role: "planner", project: "shop" },
    });
    expect((await ok("register", { name: "ada", role: "QA  Lead" })).you).toEqual({
      name: "ada",
      role: "qa-lead",
      project: "shop",
    });
    expect((await ok("register", { name: "ada", project: "  " })).you.project).toBeNull();
  });

  test("mute and block give both lists as they now stand", async () => {
    const { ok } = await bus.start({ name: "alice" });
    const you = { name: "alice", role: "worker", project: null };
    expect<unknown>(await ok("mute", { name: "Bob" })).toEqual({ muted: ["bob"], blocked: [], you });
    expect<unknown>(await ok("block", { name: "eve" })).toEqual({ muted: ["bob"], blocked: ["eve"], you });
    expect<unknown>(await ok("mute", { name: "bob", off: true })).toEqual({
      muted: [],
      blocked: ["eve"],
      you,
    });
  });
});

describe("history", () => {
  test("gives what passed, newest first, with the receipts each side may see", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const c = await bus.start({ name: "carol", channel: true });
    const sent = await a.ok("broadcast", { content: "meet at noon" });
    await Promise.all([b.events.next(), c.events.next()]);
    // What shows that a broadcast was read is written a moment later.
    const db = bus.open();
    const unproven = () => db.query("select 1 from delivery where state = 'handed'").all().length;
    await until("both are known to have read it", () => unproven() === 0);
    const answer = await b.ok("reply", { message_id: sent.message_id, content: "fine" });
    await a.events.next();
    await until("the answer is known to be read", () => unproven() === 0);

    const receipt = (name: string, state: string, evidence: string) => ({
      name,
      state,
      path: "channel",
      handed_at: expect.stringMatching(iso),
      seen_at: expect.stringMatching(iso),
      evidence,
    });
    const base = {
      sent_at: expect.stringMatching(iso),
      priority: "normal",
      message_type: null,
      thread_id: null,
    };
    expect<unknown>(await a.ok("history")).toEqual({
      messages: [
        {
          ...base,
          message_id: answer.message_id,
          direction: "received",
          from: "bob",
          to: ["alice"],
          in_reply_to: sent.message_id,
          content: "fine",
          receipts: [receipt("alice", "seen", "read")],
        },
        {
          ...base,
          message_id: sent.message_id,
          direction: "sent",
          from: "alice",
          to: ["bob", "carol"],
          in_reply_to: null,
          content: "meet at noon",
          receipts: [receipt("bob", "replied", "read"), receipt("carol", "seen", "read")],
        },
      ],
      you: { name: "alice", role: "worker", project: null },
    });
    const [seenByCarol] = (await c.ok("history")).messages;
    expect(seenByCarol?.receipts.map(({ name }) => name)).toEqual(["carol"]);
  });
});

describe("an error", () => {
  test("has a code, a way out and the session's identity, and is marked as one", async () => {
    const { client } = await bus.start({ name: "alice", role: "planner", project: "shop" });
    const result = await client.callTool({ name: "dm", arguments: { to: "bob", content: "hello?" } });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toEqual({
      error: { code: "unknown_recipient", message: expect.any(String), candidates: [] },
      you: { name: "alice", role: "planner", project: "shop" },
    });
    expect(JSON.parse((result.content as { text: string }[])[0]?.text ?? "")).toEqual(
      result.structuredContent,
    );
  });
});
