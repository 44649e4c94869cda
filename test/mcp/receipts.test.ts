/** What a sender hears of its message, and who wants quiet, through real servers. */
import { describe, expect, test } from "bun:test";
import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const receiptOf = async (by: TestSession) => (await by.ok("history")).messages[0]?.receipts[0];
/** Waits for mail of cc-dm itself. @returns its text. */
async function notice(to: TestSession): Promise<string> {
  let text = "";
  await until("a notice comes", async () => {
    const found = (await to.ok("inbox")).messages.find((message) => message.from === "cc-dm");
    text = found?.content ?? "";
    return found !== undefined;
  });
  return text;
}

describe("a sender that asks with notify", () => {
  test("hears once that its message was seen", async () => {
    const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
    const { message_id } = await a.ok("dm", { to: "bob", content: "please look", notify: "seen" });
    expect((await a.ok("inbox")).messages).toEqual([]);
    await b.ok("inbox");
    const text = await notice(a);
    expect(text).toContain("bob has seen it at ");
    expect(text).toContain(`(by pull, evidence: result). Your message ${message_id} ("please look")`);
    await Bun.sleep(1200); // two polls
    expect((await a.ok("inbox")).messages).toEqual([]);
  });

  test("hears that its reader closed without having seen it", async () => {
    const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
    await a.ok("dm", { to: "bob", content: "please look", notify: "idle" });
    await b.stop();
    expect(await notice(a)).toContain("bob is closed and has not seen your message; it waits there.");
  });
});

describe("a sender sees in history", () => {
  test("that its message waits, was handed over, was seen and answered, and by what evidence", async () => {
    const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
    const { message_id } = await a.ok("dm", { to: "bob", content: "x" });
    expect(await receiptOf(a)).toEqual({ name: "bob", state: "queued" });
    await b.call("hook_prompt", { prompt: "go on" });
    expect(await receiptOf(a)).toMatchObject({ state: "handed", path: "turn" });
    await b.call("hook_tool", { tool: "Read", agent: "" });
    await until("it is seen", async () => (await receiptOf(a))?.state === "seen");
    expect(await receiptOf(a)).toMatchObject({ path: "turn", evidence: "turn" });
    await b.ok("reply", { message_id, content: "y" });
    const sent = (await a.ok("history")).messages.find((message) => message.message_id === message_id);
    expect(sent?.receipts[0]).toMatchObject({ state: "replied", evidence: "turn" });
  });

  test("that its message came back from one that blocks it, and why", async () => {
    const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
    await a.ok("dm", { to: "bob", content: "x" });
    await b.ok("block", { name: "alice" });
    expect(await notice(a)).toContain("bob takes no messages from alice any more (block)");
  });
});

test("who wants quiet says until when, and its senders are told", async () => {
  const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
  const { quiet_until } = (await b.ok("quiet", { minutes: 30 })) as unknown as { quiet_until: string };
  const told = async () => (await a.ok("who")).sessions.find((one) => one.name === "bob");
  await until("alice can see it", async () => "quiet_until" in ((await told()) ?? {}));
  expect(await told()).toMatchObject({ quiet_until });
  expect(await a.ok("dm", { to: "bob", content: "x" })).toMatchObject({
    note: expect.stringContaining(`does not want to be disturbed until ${quiet_until}`),
  });
  await b.ok("quiet", { off: true });
  await until("alice can see that it is over", async () => !("quiet_until" in ((await told()) ?? {})));
});
