import { expect, test } from "bun:test";
import { flood } from "../../plugin/policy/flood.ts";

const admitted = (limiter: ReturnType<typeof flood>, now: number, tries: number) =>
  Array.from({ length: tries }, () => limiter.admit(now)).filter(Boolean).length;

test("so many in any minute, and no more", () => {
  const limiter = flood(10);
  expect(admitted(limiter, 0, 6)).toBe(6);
  expect(admitted(limiter, 30_000, 20)).toBe(4);
  expect(admitted(limiter, 59_999, 20)).toBe(0);
  // A minute after the first six their share is free again, and that of the four is not.
  expect(admitted(limiter, 60_000, 20)).toBe(6);
  expect(admitted(limiter, 89_999, 20)).toBe(0);
  expect(admitted(limiter, 90_000, 20)).toBe(4);
});

test("what was refused does not count", () => {
  const limiter = flood(1);
  expect(admitted(limiter, 0, 100)).toBe(1);
  expect(admitted(limiter, 60_000, 1)).toBe(1);
});

test("5,000 a minute go through one after another in a moment", () => {
  const limiter = flood(5000);
  const start = performance.now();
  expect(admitted(limiter, 1000, 6000)).toBe(5000);
  expect(performance.now() - start).toBeLessThan(1000);
});
