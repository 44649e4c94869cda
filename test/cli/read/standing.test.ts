import { expect, test } from "bun:test";
import { allSeen, standing, standingOf } from "../../../plugin/cli/read/standing.ts";
import type { DeliveryState } from "../../../plugin/core/model.ts";
import { entryOf } from "./entries.ts";

test.each<[readonly DeliveryState[], string]>([
  [["queued"], "○ queued"],
  [["handed"], "› handed"],
  [["seen"], "✓ seen"],
  [["replied"], "✓ replied"],
  [["expired"], "✗ expired"],
  [["refused"], "✗ refused"],
  [["quarantined"], "! quarantined"],
  [["seen", "seen", "seen"], "✓ all 3 seen"],
  [["queued", "queued"], "○ all 2 queued"],
  [["seen", "replied"], "✓ 2 of 2 seen"],
  [["seen", "queued"], "✓ 1 of 2 seen"],
  [["handed", "queued"], "○ 0 of 2 seen"],
  [["seen", "expired", "replied"], "✗ 1 expired, 2 of 3 seen"],
  [["refused", "expired", "queued"], "✗ 1 refused, 1 expired, 0 of 3 seen"],
  [[], "? no receipt"],
])("%j is told as %s", (states, told) => {
  const { mark, word } = standing(entryOf(Object.fromEntries(states.map((state, i) => [`to-${i}`, state]))));
  expect(`${mark} ${word}`).toBe(told);
});

test("a state that nobody knows is shown as such, and fails nothing", () => {
  expect(standingOf("lost" as DeliveryState)).toEqual({ mark: "?", word: "lost", ink: "red" });
});

test("all have seen it only if everybody has whom its sender named", () => {
  expect(allSeen(entryOf({ a: "seen", b: "replied" }))).toBe(true);
  expect(allSeen(entryOf({ a: "seen", b: "handed" }))).toBe(false);
  const whole = entryOf({ a: "seen", b: "seen" });
  expect(allSeen({ ...whole, receipts: whole.receipts.slice(1) })).toBe(false);
  expect(allSeen(entryOf({}))).toBe(false);
});
