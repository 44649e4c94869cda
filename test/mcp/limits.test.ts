/** How much one session may send and one mailbox may hold. Never a silent drop. */
import { expect, test } from "bun:test";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

/** Sends this many, 32 at a time. @returns how many were refused, by code. */
async function send({ call }: TestSession, count: number): Promise<Record<string, number>> {
  const codes: Record<string, number> = {};
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      const { isError, structuredContent } = await call("dm", { to: "sink", content: "x" });
      if (isError !== true) continue;
      const { code } = (structuredContent as { error: { code: string } }).error;
      codes[code] = (codes[code] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  return codes;
}

test("a session sends 5,000 messages a minute, a mailbox holds 10,000 unread; what is above is refused", async () => {
  const sink = await bus.start({ name: "sink" });
  const [a, b, c] = [
    await bus.start({ name: "a" }),
    await bus.start({ name: "b" }),
    await bus.start({ name: "c" }),
  ];
  const refusals = await Promise.all([send(a, 5_003), send(b, 4_999)]);
  expect(refusals).toEqual([{ too_many: 3 }, {}]);
  const fault = await a.refused("broadcast", { content: "x" });
  expect(fault.code).toBe("too_many");
  expect(fault.message).toContain("wait a minute");

  await c.ok("dm", { to: "sink", content: "the last that fits" });
  const full = await c.refused("dm", { to: "sink", content: "x" });
  expect(full.code).toBe("mailbox_full");
  expect(full.message).toContain('"sink" has 10000 unread messages; nothing was sent');

  // A broadcast is one message: it reaches all or nobody.
  expect((await c.refused("broadcast", { content: "x" })).code).toBe("mailbox_full");
  expect((await b.ok("inbox")).messages).toEqual([]);

  expect((await sink.ok("inbox", { limit: 100 })).messages.length).toBeGreaterThan(50);
  await c.ok("dm", { to: "a", content: "others are not concerned" });
  for (;;) {
    const { isError } = await c.call("dm", { to: "sink", content: "fits again" });
    if (isError === undefined) break; // as soon as those count as seen
  }
});

test("a bus that holds as much as it may takes no more; what is there is read, and bounces still come", async () => {
  const env = { CC_DM_MAX_BUS_MB: "1", CC_DM_MAX_CHARS: "1000000" };
  const sink = await bus.start({ name: "sink", env });
  const early = await bus.start({ name: "early", env, channel: true });
  for (let n = 0; n < 2; n++) await early.ok("dm", { to: "sink", content: "x".repeat(600_000) });
  const { message_id } = await early.ok("dm", { to: "sink", content: "soon over", ttl_s: 1 });
  const late = await bus.start({ name: "late", env });
  const fault = await late.refused("dm", { to: "sink", content: "x" });
  expect(fault.code).toBe("bus_at_limit");
  expect(fault.message).toContain("cc-dm prune");
  expect((await sink.ok("inbox", { limit: 1 })).messages).toHaveLength(1);
  await early.events.next((event) => event.meta.in_reply_to === message_id);
});
