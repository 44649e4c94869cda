import { beforeEach, describe, expect, test } from "bun:test";
import type { Watch } from "../../plugin/bus/bus.ts";
import type { Activity } from "../../plugin/core/model.ts";
import { outcomeOf } from "../../plugin/policy/outcome.ts";
import { startOfTime } from "../fakes/clock.ts";
import type { House, Seat } from "../fakes/house.ts";
import { office } from "./office.ts";

let home: House;
let lead: Seat;
beforeEach(async () => {
  ({ home, lead } = await office());
});

/** A watch as it stands, at first of a message that waits. */
async function watch(kind: Watch["kind"], receipt: Partial<Watch["receipt"]> = {}): Promise<Watch> {
  await lead.desk.dm("api", { content: "please look", notify: kind });
  const [found] = await home.bus.watches(lead.session().mailbox);
  if (found === undefined) throw new Error("nothing is watched");
  return { ...found, receipt: { ...found.receipt, ...receipt } };
}

function doing(watch: Watch, activity: Activity | null): Watch {
  if (watch.receiver === null) throw new Error("nobody is there");
  return {
    ...watch,
    receiver: { ...watch.receiver, condition: { activity, reach: "wake", quietUntil: null } },
  };
}

const handedAt = startOfTime;
const seen = { state: "seen", path: "wake", handedAt, seenAt: handedAt + 1000, evidence: "prompt" } as const;

describe("who wants to hear that a message was seen", () => {
  for (const state of ["queued", "handed"] as const) {
    test(`hears nothing while it is ${state}, whatever its reader does`, async () => {
      const waiting = await watch("seen", { state });
      expect(outcomeOf(waiting)).toBeNull();
      expect(outcomeOf({ ...waiting, receiver: null })).toBeNull();
    });
  }

  test("hears when, by which path and by what evidence", async () => {
    const found = await watch("seen", seen);
    expect(outcomeOf(found)).toBe(
      `api has seen it at 2026-03-01T12:00:01.000Z (by wake, evidence: prompt). Your message ${found.message.id} ("please look")`,
    );
    expect(outcomeOf({ ...found, receipt: { ...found.receipt, state: "replied" } })).toContain("has seen it");
    expect(outcomeOf({ ...found, receiver: null })).toContain("has seen it");
  });

  test("hears of an answer that no path brought", async () => {
    const found = await watch("seen", { ...seen, path: null, evidence: "reply" });
    expect(outcomeOf(found)).toContain("(evidence: reply)");
  });
});

describe("who wants to hear that the reader is idle again", () => {
  test("hears nothing before the message was seen, though it is idle", async () => {
    const idle = doing(await watch("idle"), { state: "idle", since: handedAt + 5000, on: null });
    expect(outcomeOf(idle)).toBeNull();
  });

  for (const activity of [
    { state: "busy", since: handedAt + 1, on: "Bash" },
    { state: "blocked", since: handedAt + 1, on: "Bash" },
    { state: "idle", since: handedAt - 1, on: null },
    { state: "idle", since: handedAt, on: null },
  ] as const) {
    test(`hears nothing while it is ${activity.state} since ${activity.since - handedAt} ms after the hand-over`, async () =>
      expect(outcomeOf(doing(await watch("idle", seen), activity))).toBeNull());
  }

  test("hears since when, once it went idle after the hand-over", async () => {
    const found = doing(await watch("idle", seen), { state: "idle", since: handedAt + 2000, on: null });
    expect(outcomeOf(found)).toStartWith(
      "api is idle since 2026-03-01T12:00:02.000Z; it had seen your message at 2026-03-01T12:00:01.000Z",
    );
  });

  test("hears that it was seen, if its reader never tells whether it is idle", async () => {
    expect(outcomeOf(doing(await watch("idle", seen), null))).toContain("does not tell whether it is idle");
    expect(outcomeOf(await watch("idle", seen))).toContain("does not tell whether it is idle");
    expect(outcomeOf(doing(await watch("idle"), null))).toBeNull();
  });

  test("hears that it closed, before or after it had seen the message", async () => {
    expect(outcomeOf({ ...(await watch("idle", seen)), receiver: null })).toContain(
      "api is closed; it had seen your message at",
    );
    expect(outcomeOf({ ...(await watch("idle")), receiver: null })).toContain(
      "api is closed and has not seen your message; it waits there.",
    );
  });
});
