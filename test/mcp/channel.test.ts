/** Mail as a channel event: its text, its meta, its order, and when there is none. */
import { describe, expect, test } from "bun:test";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const header = (who: string, kind: string, id: string) =>
  new RegExp(
    `^From ${who} · another session, not the user · \\d\\d:\\d\\d${kind} · reply with message_id ${id}$`,
  );

/** The line that says who speaks, the empty line, the rest. */
function partsOf(content: string): { head: string; gap: string; body: string } {
  const [head = "", gap = "", ...body] = content.split("\n");
  return { head, gap, body: body.join("\n") };
}

describe("a channel event", () => {
  test("is one line that says who speaks, an empty line and the body as it was written", async () => {
    const a = await bus.start({ name: "alice", role: "planner", project: "shop" });
    const b = await bus.start({ name: "bob", project: "shop", channel: true });
    const content = "Line one\n\n  line two, with <b>markup</b>, a < b && c > d, `code`\n\tand a tab ✓ 🙂";
    const sent = await a.ok("dm", { to: "bob", content });
    const { head, gap, body } = partsOf((await b.events.next()).content);
    expect(head).toMatch(header("alice \\(planner, shop\\)", "", sent.message_id));
    expect({ gap, body }).toEqual({ gap: "", body: content });
  });

  test("names no project for a sender that has none, and what the sender set", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const urgent = await a.ok("dm", { to: "bob", content: "x", priority: "urgent", message_type: "review" });
    expect(partsOf((await b.events.next()).content).head).toMatch(
      header("alice \\(worker\\)", " · urgent review", urgent.message_id),
    );
    const normal = await a.ok("dm", { to: "bob", content: "x", priority: "normal" });
    expect(partsOf((await b.events.next()).content).head).toMatch(
      header("alice \\(worker\\)", "", normal.message_id),
    );
    const all = await a.ok("broadcast", { content: "x", priority: "low", message_type: "status" });
    expect(partsOf((await b.events.next()).content).head).toMatch(
      header("alice \\(worker\\)", " · low status broadcast", all.message_id),
    );
  });

  test("carries just the routing in its meta when the sender set nothing", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const before = Date.now();
    const sent = await a.ok("dm", { to: "bob", content: "x" });
    const { meta } = await b.events.next();
    const { sessions } = await a.ok("who");
    expect(meta).toEqual({
      message_id: sent.message_id,
      from_session: "alice",
      from_id: sessions.find((session) => session.you)?.id ?? "",
      from_role: "worker",
      to_session: "bob",
      sent_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(Date.parse(meta.sent_at ?? "")).toBeWithin(before, Date.now() + 1);
  });

  test("carries everything the sender set, all of it texts", async () => {
    const a = await bus.start({ name: "alice", project: "shop", channel: true });
    const b = await bus.start({ name: "bob", project: "shop", channel: true });
    const asked = await b.ok("dm", { to: "alice", content: "?" });
    const more = { priority: "low", message_type: "question", thread_id: "CART-7: step 2" };
    await a.ok("reply", { message_id: asked.message_id, content: "!", ...more });
    const { meta } = await b.events.next();
    expect(meta).toMatchObject({ ...more, from_project: "shop", in_reply_to: asked.message_id });
    expect(Object.keys(meta).sort()).toEqual(
      [
        ["from_id", "from_project", "from_role", "from_session", "in_reply_to", "message_id"],
        ["message_type", "priority", "sent_at", "thread_id", "to_session"],
      ].flat(),
    );
    for (const value of Object.values(meta)) expect(value).toBeString();
  });

  test("keeps its thread through a reply, whatever thread the reply names", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const asked = await a.ok("dm", { to: "bob", content: "?", thread_id: "t1" });
    await b.events.next();
    await b.ok("reply", { message_id: asked.message_id, content: "!", thread_id: "t2" });
    expect((await a.events.next()).meta).toMatchObject({ thread_id: "t1", in_reply_to: asked.message_id });
  });

  test("shows the name the sender had when it wrote", async () => {
    const a = await bus.start({ name: "alice" });
    await bus.start({ name: "bob" }).then((b) => b.stop());
    await a.ok("dm", { to: "bob", content: "as alice" });
    await a.ok("register", { name: "ada", role: "boss" });
    const b = await bus.start({ name: "bob", channel: true });
    const { content, meta } = await b.events.next();
    expect(content).toStartWith("From alice (worker) · ");
    expect(meta).toMatchObject({ from_session: "alice", from_role: "worker" });
  });
});

describe("messages of one sender", () => {
  test("arrive in the order its server got them, although the calls were in flight together", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const count = 300;
    const texts = Array.from({ length: count }, (_, n) => `number ${n}`);
    await Promise.all(texts.map((content) => a.ok("dm", { to: "bob", content })));
    await b.events.next((event) => event.content.endsWith(`\nnumber ${count - 1}`));
    expect(b.events.all.map((event) => partsOf(event.content).body)).toEqual(texts);
  });
});

describe("a message", () => {
  test("comes by one path only, however many look for it at once", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const pulled: string[] = [];
    let sending = true;
    const pull = async () => {
      while (sending) {
        for (const { content } of (await b.ok("inbox")).messages) pulled.push(partsOf(content).body);
      }
    };
    const pulling = [pull(), pull(), pull()];
    const texts = Array.from({ length: 200 }, (_, n) => `number ${n}`);
    for (let n = 0; n < texts.length; n += 10) {
      await Promise.all(texts.slice(n, n + 10).map((content) => a.ok("dm", { to: "bob", content })));
    }
    sending = false;
    await Promise.all(pulling);
    const pushed = () => b.events.all.map((event) => partsOf(event.content).body);
    await until("all came", () => pushed().length + pulled.length >= texts.length);
    expect([...pushed(), ...pulled].sort()).toEqual([...texts].sort());
  });
});

describe("a session without the channel", () => {
  test("gets no event; every result tells it of unread mail until inbox has shown it", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob" });
    await a.ok("dm", { to: "bob", content: "one" });
    await a.ok("dm", { to: "bob", content: "two" });
    expect((await b.ok("who")).unread).toBe("2 unread; call inbox");
    expect((await b.ok("history")).unread).toBe("2 unread; call inbox");
    expect((await b.ok("inbox")).messages).toHaveLength(2);
    expect((await b.ok("who")).unread).toBeUndefined();
    expect(b.events.all).toEqual([]);
  });

  test("is what `auto` makes of a client that was not started with our channel", async () => {
    const b = await bus.start({ name: "bob", env: { CC_DM_CHANNEL: "auto" } });
    const a = await bus.start({ name: "alice" });
    await a.ok("dm", { to: "bob", content: "one" });
    expect((await b.ok("inbox")).messages).toHaveLength(1);
    expect(b.events.all).toEqual([]);
  });

  test("is not what `auto` makes of one that was", async () => {
    for (const words of [
      ["--channels", "plugin:cc-dm@cc-dm-marketplace"],
      ["--dangerously-load-development-channels", "plugin:other@m", "server:cc-dm"],
    ]) {
      // The parent of the server stands for the client, so its command line has the flag.
      const parent = ["sh", "-c", 'until [ "$1" = -- ]; do shift; done; shift; "$@"; exit', "sh"];
      const b = await bus.start({ name: "bob", through: [...parent, ...words, "--"] });
      const a = await bus.start({ name: "alice" });
      await a.ok("dm", { to: "bob", content: "one" });
      expect((await b.events.next()).content).toEndWith("\n\none");
      await Promise.all([a.stop(), b.stop()]);
    }
  });

  test("is what the setting `off` makes of any client", async () => {
    const parent = ["sh", "-c", 'shift 2; "$@"; exit', "sh", "--channels", "plugin:cc-dm@cc-dm-marketplace"];
    const b = await bus.start({ name: "bob", through: parent, env: { CC_DM_CHANNEL: "off" } });
    const a = await bus.start({ name: "alice" });
    await a.ok("dm", { to: "bob", content: "one" });
    expect((await b.ok("inbox")).messages).toHaveLength(1);
    expect(b.events.all).toEqual([]);
  });
});
