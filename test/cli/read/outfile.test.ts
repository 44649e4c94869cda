import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outFile } from "../../../plugin/cli/read/outfile.ts";
import { scratch } from "../../fakes/scratch.ts";

const begin = (cwd: string, force = false) => outFile({ path: "out.md", cwd, force });
const text = (cwd: string) => readFileSync(join(cwd, "out.md"), "utf8");

test("a file has its name once it is whole, and only its user reads it", () => {
  const cwd = scratch();
  const file = begin(cwd);
  file.write("one\n");
  file.write("zwö\n");
  expect(readdirSync(cwd)).not.toContain("out.md");
  for (const name of readdirSync(cwd)) expect(statSync(join(cwd, name)).mode & 0o777).toBe(0o600);
  file.finish();
  file.abandon();
  expect(readdirSync(cwd)).toEqual(["out.md"]);
  expect(text(cwd)).toBe("one\nzwö\n");
  expect(statSync(join(cwd, "out.md")).mode & 0o777).toBe(0o600);
});

test("one that is abandoned leaves nothing behind", () => {
  const cwd = scratch();
  const file = begin(cwd);
  file.write("half");
  file.abandon();
  expect(readdirSync(cwd)).toEqual([]);
});

test("a file that is there stays as it is, unless it is to be replaced", () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "out.md"), "mine", { mode: 0o644 });
  expect(() => begin(cwd)).toThrow("is there already and was left as it is; --force");
  const file = begin(cwd, true);
  file.write("new");
  expect(text(cwd)).toBe("mine");
  file.finish();
  expect(text(cwd)).toBe("new");
  expect(statSync(join(cwd, "out.md")).mode & 0o777).toBe(0o600);
  expect(readdirSync(cwd)).toEqual(["out.md"]);
});

test("of two at once the first to finish wins, and the other says so", () => {
  const cwd = scratch();
  const [one, two] = [begin(cwd), begin(cwd)];
  one.write("one");
  two.write("two");
  two.finish();
  expect(() => one.finish()).toThrow("is there already");
  one.abandon();
  expect(text(cwd)).toBe("two");
  expect(readdirSync(cwd)).toEqual(["out.md"]);
});

test("what is no file is never replaced, and a folder that is not there is said to be none", () => {
  const cwd = scratch();
  mkdirSync(join(cwd, "out.md"));
  for (const force of [false, true]) expect(() => begin(cwd, force)).toThrow("is no file");
  symlinkSync("/dev/null", join(cwd, "null"));
  expect(() => outFile({ path: "null", cwd, force: true })).toThrow("is no file");
  expect(() => outFile({ path: "none/out.md", cwd, force: true })).toThrow("cannot be written");
  expect(() => outFile({ path: "/dev/null", cwd, force: true })).toThrow("is no file");
});
