import { expect, test } from "bun:test";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../plugin/host/whole.ts";
import { scratch } from "../fakes/scratch.ts";

test("whoever has the old text open reads it to its end", () => {
  const folder = scratch();
  const path = join(folder, "settings");
  const old = "old ".repeat(50_000);
  writeFileSync(path, old);
  const handle = openSync(path, "r");
  try {
    const into = Buffer.alloc(old.length);
    const begun = readSync(handle, into, 0, 100, null);
    writeWhole(path, "new");
    expect(begun + readSync(handle, into, begun, old.length - begun, null)).toBe(old.length);
    expect(into.toString()).toBe(old);
  } finally {
    closeSync(handle);
  }
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["settings"]);
});

test("its rights are those given, and not those of the umask or of the file before", () => {
  const path = join(scratch(), "file");
  writeFileSync(path, "", { mode: 0o666 });
  writeWhole(path, "x");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const umask = process.umask(0o077);
  try {
    writeWhole(path, "x", 0o755);
  } finally {
    process.umask(umask);
  }
  expect(statSync(path).mode & 0o777).toBe(0o755);
});

test("what cannot be written leaves nothing behind", () => {
  const folder = scratch();
  mkdirSync(join(folder, "taken"));
  expect(() => writeWhole(join(folder, "taken"), "x")).toThrow();
  expect(readdirSync(folder)).toEqual(["taken"]);
});
