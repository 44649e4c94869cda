import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import hooks from "../../hooks/hooks.json" with { type: "json" };
import { touch, wakeFile, wakeFileName, wakePace } from "../../plugin/host/wake.ts";
import { place } from "../fakes/people.ts";
import { scratch } from "../fakes/scratch.ts";

describe("a client's wake file", () => {
  const client = { pid: 42, start: "777" };

  test("has the name that the client's hook listens for, in a folder of that client", () => {
    const path = wakeFile("/c", client, place);
    expect(basename(path)).toBe(wakeFileName);
    expect(hooks.hooks.FileChanged.map((group) => group.matcher)).toEqual([wakeFileName]);
    expect(dirname(dirname(path))).toBe("/c");
    expect(basename(dirname(path))).toMatch(/^42-[0-9a-f]{8}$/);
  });

  test("is the same for everybody who speaks of that client, and another for any other", () => {
    const path = wakeFile("/c", client, place);
    expect(wakeFile("/c", { ...client }, { ...place, machine: "other name" })).toBe(path);
    const others = [
      wakeFile("/c", { ...client, start: "778" }, place),
      wakeFile("/c", { ...client, pid: 43 }, place),
      wakeFile("/c", client, { ...place, boot: "boot-2" }),
      wakeFile("/c", client, { ...place, pidSpace: "pid:[2]" }),
    ];
    expect(new Set([path, ...others]).size).toBe(5);
  });

  test("is made and written anew by a touch, for its owner only", () => {
    const path = wakeFile(join(scratch(), "clients"), client, place);
    const before = process.umask(0);
    try {
      touch(path, 1000);
    } finally {
      process.umask(before);
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    const first = readFileSync(path, "utf8");
    touch(path, 2000);
    expect(readFileSync(path, "utf8")).not.toBe(first);
    expect(readdirSync(dirname(path))).toEqual([wakeFileName]);
  });

  test("that cannot be written is an error for the caller to note", () => {
    const path = join(scratch(), wakeFileName);
    mkdirSync(path);
    expect(() => touch(path, 1)).toThrow();
  });
});

describe("the pace of wakes", () => {
  const due = (pace: ReturnType<typeof wakePace>, newest: number, times: readonly number[]) =>
    times.filter((now) => pace.due(now, newest));

  test("is at once for new mail, however soon", () => {
    const pace = wakePace();
    expect([pace.due(0, 1), pace.due(1, 2), pace.due(2, 3)]).toEqual([true, true, true]);
  });

  test("is two seconds for the same mail, doubling to a minute", () => {
    const every = Array.from({ length: 400 }, (_, n) => n * 1000);
    expect(due(wakePace(), 1, every).map((now) => now / 1000)).toEqual([
      0, 2, 6, 14, 30, 62, 122, 182, 242, 302, 362,
    ]);
  });

  test("begins anew with new mail", () => {
    const pace = wakePace();
    due(pace, 1, [0, 2000, 6000]);
    expect(due(pace, 2, [6500, 8000, 8500, 12_000, 12_500])).toEqual([6500, 8500, 12_500]);
  });

  test("is not silenced by a clock that was set back", () => {
    const pace = wakePace();
    expect(pace.due(10_000_000, 1)).toBe(true);
    expect(pace.due(5000, 1)).toBe(true);
    expect(pace.due(5001, 1)).toBe(false);
  });
});
