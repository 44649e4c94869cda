import { describe, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { follower, tail } from "../../plugin/host/tail.ts";
import { scratch } from "../fakes/scratch.ts";

const halfMegabyte = 512 * 1024;

test("the end of a file is read, and no more of a large one than its last half megabyte", () => {
  const path = join(scratch(), "x");
  writeFileSync(path, "short\nlines\n");
  expect(tail(path)).toBe("short\nlines\n");
  writeFileSync(path, `${"a".repeat(1_000_000)}\nthe end é\n`);
  const read = tail(path);
  expect(Buffer.byteLength(read)).toBe(halfMegabyte);
  expect(read).toEndWith("\nthe end é\n");
  expect(Buffer.byteLength(tail(path, 20))).toBe(20);
});

test("what cannot be read has no end", () => {
  const folder = scratch();
  writeFileSync(join(folder, "empty"), "");
  mkdirSync(join(folder, "below"));
  for (const name of ["empty", "below", "missing"]) expect(tail(join(folder, name))).toBe("");
});

test.skipIf(process.platform === "win32")("a pipe in place of a file keeps nobody waiting", () => {
  const pipe = join(scratch(), "pipe");
  Bun.spawnSync(["mkfifo", pipe]);
  expect(tail(pipe)).toBe("");
  expect(follower().more(pipe)).toBe("");
});

describe("who follows a file", () => {
  const file = () => join(scratch(), "log");

  test("reads each line once, as it is added", () => {
    const [path, follow] = [file(), follower()];
    writeFileSync(path, "1\n2\n");
    expect(follow.more(path)).toBe("1\n2\n");
    expect(follow.more(path)).toBe("");
    appendFileSync(path, "3é\n");
    expect(follow.more(path)).toBe("3é\n");
    expect(follow.more(path)).toBe("");
  });

  test("reads a line only when it is written to its end", () => {
    const [path, follow] = [file(), follower()];
    writeFileSync(path, "1\nhal");
    expect(follow.more(path)).toBe("1\n");
    expect(follow.more(path)).toBe("");
    const [e1, e2] = Buffer.from("é");
    appendFileSync(path, Buffer.from([e1 as number]));
    expect(follow.more(path)).toBe("");
    appendFileSync(path, Buffer.from([e2 as number, 10]));
    expect(follow.more(path)).toBe("halé\n");
  });

  test("begins anew with another file, and with the first when it is back", () => {
    const [one, two, follow] = [file(), file(), follower()];
    writeFileSync(one, "1\n");
    writeFileSync(two, "a long line of the second\n");
    expect(follow.more(one)).toBe("1\n");
    expect(follow.more(two)).toBe("a long line of the second\n");
    appendFileSync(two, "x\n");
    expect(follow.more(two)).toBe("x\n");
    expect(follow.more(one)).toBe("1\n");
  });

  test("begins anew with a file that became shorter", () => {
    const [path, follow] = [file(), follower()];
    writeFileSync(path, "many\nlines\n");
    follow.more(path);
    writeFileSync(path, "few\n");
    expect(follow.more(path)).toBe("few\n");
  });

  test("reads the end only of what is large, at first and after a long pause", () => {
    const [path, follow] = [file(), follower()];
    const large = `${"a".repeat(1_000_000)}\n`;
    writeFileSync(path, `${large}1\n`);
    const first = follow.more(path);
    expect([first.length, first.slice(-3)]).toEqual([halfMegabyte, "\n1\n"]);
    appendFileSync(path, `${large}2\n`);
    const second = follow.more(path);
    expect([second.length, second.slice(-3)]).toEqual([halfMegabyte, "\n2\n"]);
  });

  test("does without a file that is not there, and reads it when it is", () => {
    const [path, follow] = [file(), follower()];
    expect(follow.more(path)).toBe("");
    writeFileSync(path, "1\n");
    expect(follow.more(path)).toBe("1\n");
    rmSync(path);
    expect(follow.more(path)).toBe("");
    writeFileSync(path, "1\n2\n");
    expect(follow.more(path)).toBe("2\n");
  });
});
