import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tail } from "../../plugin/host/tail.ts";
import { scratch } from "../fakes/scratch.ts";

test("the end of a file is read, and no more of a large one than its last half megabyte", () => {
  const path = join(scratch(), "x");
  writeFileSync(path, "short\nlines\n");
  expect(tail(path)).toBe("short\nlines\n");
  writeFileSync(path, `${"a".repeat(1_000_000)}\nthe end é\n`);
  const read = tail(path);
  expect(Buffer.byteLength(read)).toBe(512 * 1024);
  expect(read).toEndWith("\nthe end é\n");
});

test("what cannot be read has no end", () => {
  const folder = scratch();
  writeFileSync(join(folder, "empty"), "");
  mkdirSync(join(folder, "below"));
  for (const name of ["empty", "below", "missing"]) expect(tail(join(folder, name))).toBe("");
});
