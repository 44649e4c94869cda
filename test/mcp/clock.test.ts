/** Clocks that jump and machines that sleep: nothing expires early and nobody is taken off the roster. */
import { describe, expect, test } from "bun:test";
import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const hour = 3_600_000;
const clock = true;

/** A message that expires at once shows by its notice that somebody has looked for what is overdue. */
async function swept(session: TestSession, at: { wallMs: number; upMs: number }): Promise<void> {
  const { message_id } = await session.ok("dm", { to: "closed", content: "canary", ttl_s: 1 });
  // The next look is due 30 s on, by the machine's uptime.
  bus.turnClock({ wallMs: at.wallMs + 40_000, upMs: at.upMs + 40_000 });
  await session.events.next((event) => event.meta.in_reply_to === message_id);
}

const presences = async ({ ok }: TestSession) =>
  Object.fromEntries((await ok("who")).sessions.map(({ name, presence }) => [name, presence]));

async function family() {
  const a = await bus.start({ name: "alice", channel: true, clock });
  const b = await bus.start({ name: "bob", channel: true, clock });
  await bus.start({ name: "closed", clock }).then((session) => session.stop());
  await a.ok("dm", { to: "closed", content: "for a minute", ttl_s: 60 });
  return { a, b };
}

async function mailOfClosed(): Promise<string[]> {
  const { ok } = await bus.start({ name: "closed", clock });
  return (await ok("inbox")).messages.map((one) => one.content.split("\n\n")[1] ?? "");
}

describe("a clock that is set an hour ahead", () => {
  test("lets nothing expire early, evicts nobody and lets mail pass", async () => {
    const { a, b } = await family();
    bus.turnClock({ wallMs: hour, upMs: 0 });
    expect(await presences(a)).toEqual({ alice: "live", bob: "live" });
    await swept(a, { wallMs: hour, upMs: 0 });
    expect(await presences(b)).toEqual({ alice: "live", bob: "live" });
    await b.ok("dm", { to: "alice", content: "hello" });
    expect((await a.events.next()).content).toEndWith("\n\nhello");
    expect(await mailOfClosed()).toEqual(["for a minute"]);
  });
});

describe("a clock that is set an hour back", () => {
  test("lets nothing expire early, evicts nobody and lets mail pass, in order", async () => {
    const { a, b } = await family();
    await a.ok("dm", { to: "bob", content: "before" });
    bus.turnClock({ wallMs: -hour, upMs: 0 });
    await a.ok("dm", { to: "bob", content: "after" });
    await b.events.next((event) => event.content.endsWith("\n\nafter"));
    expect(b.events.all.map((event) => event.content.split("\n\n")[1])).toEqual(["before", "after"]);
    await swept(a, { wallMs: -hour, upMs: 0 });
    expect(await presences(b)).toEqual({ alice: "live", bob: "live" });
    expect(await mailOfClosed()).toEqual(["for a minute"]);
  });
});

describe("a machine that slept for a day", () => {
  test("wakes with its roster and its mail; what was silent is away until it is heard again", async () => {
    const { a, b } = await family();
    await a.ok("dm", { to: "closed", content: "for a week", ttl_s: 7 * 24 * 3600 });
    b.kill("SIGSTOP"); // wakes later than the others
    bus.turnClock({ wallMs: 24 * hour, upMs: 24 * hour });
    await until("bob is away", async () => (await presences(a)).bob === "away");
    await a.ok("dm", { to: "bob", content: "good morning" });
    expect(await presences(a)).toEqual({ alice: "live", bob: "away" });
    b.kill("SIGCONT");
    expect((await b.events.next()).content).toEndWith("\n\ngood morning");
    await until("bob is heard", async () => (await presences(a)).bob === "live");
    await a.events.next((event) => event.content.includes("Never read by: closed."));
    expect(await mailOfClosed()).toEqual(["for a week"]);
  });
});
