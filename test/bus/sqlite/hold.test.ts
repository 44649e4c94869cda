import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { hold, isHeld } from "../../../plugin/bus/sqlite/hold.ts";
import { scratch } from "../../fakes/scratch.ts";

const holder = join(import.meta.dir, "holder.ts");

test("one has it until it lets go, and nothing is left then", () => {
  const folder = scratch();
  const lock = join(folder, "bus.db.lock");
  expect(isHeld(lock)).toBe(false);
  const release = hold(lock);
  expect(isHeld(lock)).toBe(true);
  expect(hold(lock)).toBeNull();
  expect(hold(lock)).toBeNull(); // to ask does not end it
  expect(isHeld(lock)).toBe(true);
  expect(statSync(lock).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["bus.db.lock"]);
  release?.();
  expect(isHeld(lock)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  hold(lock)?.();
});

test("of many processes one at a time has it, though some are killed with it", async () => {
  const folder = scratch();
  const [lock, room] = [join(folder, "lock"), join(folder, "room")];
  mkdirSync(room);
  const deaths = [0, 3, 0, 7, 1, 0, 5, 2]; // 0: none
  const running = deaths.map((death) =>
    Bun.spawn([process.execPath, holder, lock, room, "12", String(death)], {
      env: { PATH: process.env.PATH ?? "" },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    }),
  );
  const outputs = running.map((one) => one.stdout.getReader());
  const next = async (n: number) => new TextDecoder().decode((await outputs[n]?.read())?.value).trim();
  for (const n of deaths.keys()) expect(await next(n)).toBe("ready");
  for (const one of running) {
    one.stdin.write("go\n");
    one.stdin.end();
  }
  expect(await Promise.all(deaths.map((_, n) => next(n)))).toEqual(
    deaths.map((death) => (death === 0 ? "met" : "")),
  );
  await Promise.all(running.map((one) => one.exited));
  expect(running.map((one) => one.signalCode)).toEqual(
    deaths.map((death) => (death === 0 ? null : "SIGKILL")),
  );
  expect(isHeld(lock)).toBe(false);
  hold(lock)?.();
  expect(existsSync(lock)).toBe(false);
}, 60_000);

test("a link in its place that leads nowhere is an error, and nobody hangs on it", () => {
  const lock = join(scratch(), "lock");
  symlinkSync("/nowhere/at/all", lock);
  expect(() => hold(lock)).toThrow("unable to open");
  expect(isHeld(lock)).toBe(false);
});
