import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { findWriter, writerOf } from "../../plugin/host/holder.ts";
import { ancestorsOf } from "../../plugin/host/lineage.ts";
import { executableOf } from "../../plugin/host/process.ts";
import { nearest, spaceAt } from "../../plugin/host/space.ts";
import { scratch } from "../fakes/scratch.ts";

const onLinux = process.platform === "linux";

describe("room on a disk", () => {
  test("is that of the disk on which a path will lie", () => {
    const folder = scratch();
    const below = join(folder, "not", "yet");
    expect(nearest(below)).toBe(folder);
    const space = spaceAt(below);
    // What is free changes with whatever else runs on this machine; how large the disk is does not.
    expect(space?.wholeBytes).toBe(spaceAt(folder)?.wholeBytes as number);
    expect(space?.wholeBytes).toBeGreaterThan(space?.freeBytes ?? Number.POSITIVE_INFINITY);
  });

  test("the nearest folder above a path ends at the root", () => {
    expect(nearest("/not-there-at-all/x")).toBe("/");
  });
});

describe("the writer of a database", () => {
  const locks = [
    "1: POSIX  ADVISORY  WRITE 4121 fe:00:77 120 120",
    "2: POSIX  ADVISORY  READ 5000 fe:00:77 124 124",
    "3: FLOCK  ADVISORY  WRITE 6000 fe:00:78 0 EOF",
    "4: POSIX  ADVISORY  WRITE 7000 fe:00:79 120 127",
    "",
  ].join("\n");

  test.each([
    [77, 4121],
    [78, null],
    [79, 7000],
    [7, null],
  ])("of inode %p is process %p", (inode, pid) => {
    expect(findWriter(locks, inode)).toBe(pid);
  });

  test.if(onLinux)("is whoever holds its write lock now", () => {
    const path = join(scratch(), "x.db");
    const db = new Database(path);
    db.run("pragma journal_mode = wal");
    expect(writerOf(path)).toBeNull();
    db.run("begin immediate");
    expect(writerOf(path)).toBe(process.pid);
    db.run("rollback");
    expect(writerOf(path)).toBeNull();
    db.close();
    expect(writerOf(join(scratch(), "none.db"))).toBeNull();
  });
});

describe.if(onLinux)("a process", () => {
  test("has a program", () => {
    expect(executableOf(process.pid)).toBe(process.execPath);
    expect(executableOf(0)).toBeNull();
  });

  test("has those above it, nearest first", () => {
    expect(ancestorsOf(process.pid)[0]).toBe(process.ppid);
    const child = Bun.spawn(["sleep", "30"]);
    expect(ancestorsOf(child.pid).slice(0, 2)).toEqual([process.pid, process.ppid]);
    child.kill();
    expect(ancestorsOf(0)).toEqual([]);
  });
});
