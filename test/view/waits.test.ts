import { expect, test } from "bun:test";
import { waitsIn } from "../../plugin/view/waits.ts";
import { entry, minute, now } from "./scenes.ts";

const hour = 60 * minute;
const waits = (...entries: Parameters<typeof waitsIn>[0]) =>
  waitsIn(entries, now).map(({ from, to, why, since }) => `${from} → ${to} ${why} ${(now - since) / minute}`);

test.each([
  ["queued", "unseen"],
  ["handed", "unseen"],
  ["seen", "no answer"],
] as const)("%s: %s", (state, why) => {
  expect(waits(entry("a", { b: state }))).toEqual([`a → b ${why} 1`]);
});

test.each(["replied", "expired", "refused", "quarantined"] as const)("%s: nobody waits", (state) => {
  expect(waits(entry("a", { b: state }))).toEqual([]);
});

test("whoever writes back has answered, by reply or not", () => {
  expect(waits(entry("a", { b: "seen" }), entry("b", { a: "seen" }, { type: "status" }))).toEqual([]);
});

test("an answer that was not seen leaves the other one waiting", () => {
  expect(waits(entry("a", { b: "seen" }), entry("b", { a: "queued" }))).toEqual(["b → a unseen 1"]);
});

test("the longest wait of a pair counts, and unseen before unanswered", () => {
  const old = entry("a", { b: "seen" }, { sentAt: now - 5 * minute });
  expect(waits(old, entry("a", { b: "seen" }))).toEqual(["a → b no answer 5"]);
  expect(waits(old, entry("a", { b: "queued" }))).toEqual(["a → b unseen 1"]);
});

test("what wants no answer is not waited for once it was seen", () => {
  expect(waits(entry("a", { b: "seen" }, { type: "status" }))).toEqual([]);
  expect(waits(entry("a", { b: "seen" }, { priority: "low" }))).toEqual([]);
  expect(waits(entry("a", { b: "seen" }, { inReplyTo: "01X" }))).toEqual([]);
});

test("a task is awaited for a day, other words for an hour", () => {
  const sentAt = now - 2 * hour;
  expect(waits(entry("a", { b: "seen" }, { sentAt }))).toEqual([]);
  expect(waits(entry("a", { b: "seen" }, { sentAt, type: "task" }))).toEqual(["a → b no answer 120"]);
});

test("nobody waits for a broadcast or a notice", () => {
  expect(
    waits(entry("a", { b: "queued", c: "seen" }), entry("a", { b: "queued" }, { kind: "notice" })),
  ).toEqual([]);
});
