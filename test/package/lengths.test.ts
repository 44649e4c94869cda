import { expect, test } from "bun:test";
import { join } from "node:path";
import { checkLengths } from "../../scripts/lengths.ts";
import { root, scratch } from "./scratch.ts";

test("no file of this checkout is two", async () => {
  expect(await checkLengths(root)).toEqual([]);
});

test.each([
  [
    "plugin/policy/long.ts",
    301,
    ["plugin/policy/long.ts has 301 lines; 300 are the most. Which file is two?"],
  ],
  ["scripts/long.mjs", 1000, ["scripts/long.mjs has 1000 lines; 300 are the most. Which file is two?"]],
  ["plugin/policy/full.ts", 300, []],
  ["test/policy/long.test.ts", 301, []],
  ["dist/server.js", 301, []],
])("%s with %p lines", async (path, lines, complaints) => {
  const folder = scratch();
  await Bun.write(join(folder, path), "// a line\n".repeat(lines));
  expect(await checkLengths(folder)).toEqual(complaints);
});
