import { expect, test } from "bun:test";
import { isNewer } from "../../plugin/core/version.ts";

test.each([
  ["0.2.0", "0.1.0", true],
  ["0.10.0", "0.9.9", true],
  ["1.0.0", "0.99.99", true],
  ["v1.2.4", "1.2.3", true],
  ["0.1.0", "0.1.0", false],
  ["0.1.0", "0.2.0", false],
  ["0.9.9", "0.10.0", false],
  ["?", "0.1.0", false],
  ["0.1.0", "?", false],
  ["", "", false],
])("%p is newer than %p: %p", (one, other, newer) => {
  expect(isNewer(one, other)).toBe(newer);
});
