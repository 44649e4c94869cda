import { describe, expect, test } from "bun:test";
import { dampingMs, freeHops, mayWake, nextHops } from "../../plugin/policy/loop.ts";

test("a message is one answer further than what was shown last, or begins anew", () => {
  expect(nextHops(null)).toBe(0);
  expect(nextHops(0)).toBe(1);
  expect(nextHops(16)).toBe(17);
});

describe("a chain of quick answers", () => {
  test("is free for a while, then each one waits twice as long, up to five minutes", () => {
    for (let hops = 0; hops <= freeHops; hops++) expect(dampingMs(hops)).toBe(0);
    expect([1, 2, 3, 8].map((more) => dampingMs(freeHops + more))).toEqual([2000, 4000, 8000, 256_000]);
    for (const hops of [freeHops + 9, 100, 1_000_000, Number.MAX_SAFE_INTEGER])
      expect(dampingMs(hops)).toBe(300_000);
  });

  test("wakes its reader only when its time has come", () => {
    const message = { hops: freeHops + 1, sentAt: 10_000 };
    expect(mayWake(message, 11_999)).toBe(false);
    expect(mayWake(message, 12_000)).toBe(true);
    expect(mayWake({ hops: freeHops, sentAt: 10_000 }, 10_000)).toBe(true);
  });

  test("is not held for ever by a clock that was set back", () => {
    expect(mayWake({ hops: 1000, sentAt: 10_000 }, 9_999)).toBe(true);
  });
});
