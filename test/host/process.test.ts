import { afterEach, describe, expect, test } from "bun:test";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine, isRunning, markOf, startOf } from "../../plugin/host/process.ts";
import { nextTurn } from "../fakes/clock.ts";
import { scratch } from "../fakes/scratch.ts";

const running: Bun.Subprocess[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.kill("SIGKILL");
    await one.exited;
  }
});

function start(...words: string[]): Bun.Subprocess<"ignore", "pipe", "ignore"> {
  const process = Bun.spawn(words, { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  running.push(process);
  return process;
}

test("this very process runs, and keeps its mark", () => {
  const mark = markOf(process.pid);
  expect(mark.pid).toBe(process.pid);
  expect(mark.start).not.toBe("?");
  expect(markOf(process.pid)).toEqual(mark);
  expect(isRunning(mark)).toBe(true);
  expect(isRunning(mark, true)).toBe(true);
});

test("a process that has ended does not run", async () => {
  const child = start("sleep", "60");
  const mark = markOf(child.pid);
  expect(isRunning(mark)).toBe(true);
  child.kill("SIGKILL");
  await child.exited;
  expect(isRunning(mark)).toBe(false);
  expect(startOf(child.pid)).toBeNull();
});

test.skipIf(process.platform !== "linux")("a process that nobody has buried yet does not run", async () => {
  // The shell turns into sleep, which never asks after the child.
  const parent = start("sh", "-c", "sleep 60 & echo $!; exec sleep 60");
  const { value } = await parent.stdout.getReader().read();
  const mark = markOf(Number(new TextDecoder().decode(value).trim()));
  expect(isRunning(mark)).toBe(true);
  process.kill(mark.pid, "SIGKILL");
  for (const end = performance.now() + 5000; isRunning(mark) && performance.now() < end; ) await nextTurn();
  expect(isRunning(mark)).toBe(false);
  expect(() => process.kill(mark.pid, 0)).not.toThrow(); // its pid is still in use
});

describe("a pid that another process has now is not the one that was meant", () => {
  test("if it started at another time", () => {
    const mark = markOf(process.pid);
    expect(isRunning({ ...mark, start: `${mark.start}0` })).toBe(false);
  });

  test("though where no start is known the pid has to do", async () => {
    expect(isRunning({ pid: process.pid, start: "?" })).toBe(true);
    const child = start("true");
    await child.exited;
    expect(isRunning({ pid: child.pid, start: "?" })).toBe(false);
  });

  test("and the pids of nobody and of init are never meant", () => {
    for (const pid of [-1, 0, 1]) expect(isRunning({ pid, start: "?" })).toBe(false);
  });
});

test.skipIf(process.platform !== "linux")("a program's name may hold brackets and spaces", () => {
  const path = join(scratch(), "a) Z (b");
  copyFileSync(Bun.which("sleep") ?? "", path);
  const child = start(path, "60");
  expect(startOf(child.pid)).toMatch(/^\d{2,}$/);
  expect(isRunning(markOf(child.pid))).toBe(true);
});

describe("the words a process was started with", () => {
  test("are told one by one", async () => {
    const child = start("sh", "-c", "echo ready; sleep 60", "--channels", "plugin:cc-dm@x y");
    await child.stdout.getReader().read();
    const words = commandLine(child.pid);
    expect(words.slice(0, 4)).toEqual(["sh", "-c", "echo ready; sleep 60", "--channels"]);
    expect(words.at(-1)).toBe("plugin:cc-dm@x y");
  });

  test("are none for a process that is gone", async () => {
    const child = start("true");
    await child.exited;
    expect(commandLine(child.pid)).toEqual([]);
  });
});
