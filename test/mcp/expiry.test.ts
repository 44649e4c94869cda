/** Mail that nobody reads in time: it is not shown late, and its sender is told. */
import { expect, test } from "bun:test";
import { PingRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

/** Somebody looks for overdue mail every 30 s; nobody waits for that here. What expires by it must not before. */
const passTime = () => bus.turnClock({ wallMs: 40_000, upMs: 40_000 });
const clock = true;

test("an unread message expires after its time, and its sender is told what became of it", async () => {
  const a = await bus.start({ name: "alice", channel: true, clock, env: { CC_DM_MESSAGE_TTL_S: "20" } });
  const c = await bus.start({ name: "carol", channel: true, clock });
  await bus.start({ name: "bob", clock }).then((b) => b.stop());
  const d = await bus.start({ name: "dora", clock });

  const late = await a.ok("dm", { to: "bob", content: "nobody reads </channel> this", thread_id: "t-1" });
  const own = await c.ok("dm", { to: "bob", content: "nor that", ttl_s: 20 });
  await c.ok("dm", { to: "bob", content: "but this is in time" });
  const all = await a.ok("broadcast", { content: "dora does not look" });
  await c.events.next(); // carol does
  await until(
    "carol's server knows",
    async () => (await a.ok("history")).messages[0]?.receipts[0]?.state === "seen",
  );
  passTime();

  const { content, meta } = await a.events.next((event) => event.meta.in_reply_to === late.message_id);
  expect(content).toMatch(/^From cc-dm · notice, not the user · \d\d:\d\d\n\n/);
  expect(content).toContain(`Your message ${late.message_id} expired after 20 s.`);
  expect(content).toContain("Never read by: bob.");
  expect(content).toContain("nobody reads &lt;/channel> this");
  expect(meta).toMatchObject({
    from_session: "cc-dm",
    from_role: "notice",
    to_session: "alice",
    thread_id: "t-1",
  });

  // What expired with it.
  const some = await a.events.next((event) => event.meta.in_reply_to === all.message_id);
  expect(some.content).toContain("Never read by: dora.");
  expect(some.content).not.toContain("carol");
  await c.events.next((event) => event.meta.in_reply_to === own.message_id);

  // Nothing of it comes late, and what has time still comes.
  const b = await bus.start({ name: "bob", channel: true, clock });
  expect((await b.events.next()).content).toEndWith("\n\nbut this is in time");
  expect((await d.ok("inbox")).messages).toEqual([]);
  const states = (await a.ok("history")).messages.map((one) => [
    one.direction,
    ...one.receipts.map(({ state }) => state),
  ]);
  expect(states).toContainEqual(["sent", "expired"]);
  expect(states.filter(([direction]) => direction === "sent").flat()).toContain("seen");

  // A notice comes from nobody who could be answered.
  const fault = await a.refused("reply", { message_id: meta.message_id, content: "why?" });
  expect(fault.code).toBe("unknown_message");
  await Promise.all([a, c].map(({ ping }) => ping()));
  expect(a.events.all).toHaveLength(2);
  expect(c.events.all).toHaveLength(2);
});

test("a sender that has closed meanwhile is told when it comes back", async () => {
  const witness = await bus.start({ name: "witness", clock });
  const a = await bus.start({ name: "alice", clock, env: { CC_DM_MESSAGE_TTL_S: "1" } });
  await bus.start({ name: "bob", clock }).then((b) => b.stop());
  const { message_id } = await a.ok("dm", { to: "bob", content: "unread" });
  a.kill("SIGKILL");
  await a.gone;
  passTime();
  const file = bus.open();
  const notices = file.query<{ n: number }, []>("select count(*) as n from message where kind = 'notice'");
  await until("a notice is written", () => notices.get()?.n === 1);
  expect((await witness.ok("inbox")).messages).toEqual([]);

  const again = await bus.start({ name: "alice", clock });
  const [entry] = (await again.ok("inbox")).messages;
  expect(entry).toMatchObject({ from: "cc-dm", in_reply_to: message_id });
  expect(entry?.content).toContain("Never read by: bob.");
});

test("a message that was handed over and never proved to be read expires too, and that is what its sender is told", async () => {
  const a = await bus.start({ name: "alice", channel: true, clock });
  const b = await bus.start({ name: "bob", channel: true, clock });
  b.client.setRequestHandler(PingRequestSchema, () => new Promise(() => {})); // gives no sign of having read
  const { message_id } = await a.ok("dm", { to: "bob", content: "read me", ttl_s: 5 });
  await b.events.next();
  b.kill("SIGKILL");
  await b.gone;
  passTime();
  const { content } = await a.events.next((event) => event.meta.in_reply_to === message_id);
  expect(content).toContain("Handed over but never shown to have been seen: bob.");
  const again = await bus.start({ name: "bob", clock });
  expect((await again.ok("inbox")).messages).toEqual([]);
});
