import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { hasPassed, iso, nextTimeOfDay, parseIso, systemClock, timeOfDay } from "../../plugin/core/clock.ts";

const since = { at: 1_000_000, up: 50_000, boot: "b1" };
const table: readonly (readonly [string, { at: number; up: number; boot: string }, boolean])[] = [
  ["both clocks short of it", { at: 1_000_999, up: 50_999, boot: "b1" }, false],
  ["both clocks there", { at: 1_001_000, up: 51_000, boot: "b1" }, true],
  ["the wall clock set ahead", { at: 9_000_000, up: 50_999, boot: "b1" }, false],
  ["the wall clock set back", { at: 500_000, up: 99_000, boot: "b1" }, false],
  ["another boot, by the wall clock", { at: 1_001_000, up: 10, boot: "b2" }, true],
  ["another boot, too early by the wall clock", { at: 1_000_999, up: 99_000, boot: "b2" }, false],
];
for (const [when, now, passed] of table) {
  test(`a second has ${passed ? "" : "not "}passed: ${when}`, () => {
    expect(hasPassed(since, now, 1000)).toBe(passed);
  });
}

test("times read as ISO 8601, and as local time of day", () => {
  expect(iso(1_772_366_400_000)).toBe("2026-03-01T12:00:00.000Z");
  expect(timeOfDay(new Date(2026, 2, 1, 9, 5).getTime())).toBe("09:05");
  expect(timeOfDay(new Date(2026, 2, 1, 23, 59).getTime())).toBe("23:59");
});

// Whole seconds are all that the system call gives.
test.skipIf(process.platform !== "linux")(
  "the system's uptime is that of the kernel, in milliseconds",
  () => {
    const [kernel = 0] = readFileSync("/proc/uptime", "utf8").split(" ").map(Number);
    expect(Math.abs(systemClock.up() - kernel * 1000)).toBeLessThan(3000);
  },
);

test("a timer of the system stops when told to", async () => {
  let ticks = 0;
  await new Promise<void>((resolve) => {
    const stop = systemClock.every(1, () => {
      ticks++;
      if (ticks !== 3) return;
      stop();
      resolve();
    });
  });
  await systemClock.sleep(5); // time for a fourth, if it had not stopped
  expect(ticks).toBe(3);
});

test("what is wanted soon runs after what is ready now", async () => {
  const order: string[] = [];
  const done = new Promise<void>((resolve) =>
    systemClock.soon(() => {
      order.push("soon");
      resolve();
    }),
  );
  await Promise.resolve().then(() => order.push("now"));
  await done;
  expect(order).toEqual(["now", "soon"]);
});

test("a moment is read back as it was written, and nothing else is one", () => {
  expect(parseIso("2026-03-01T12:00:00.000Z")).toBe(Date.UTC(2026, 2, 1, 12));
  expect(parseIso("2026-03-01T14:00:00+02:00")).toBe(Date.UTC(2026, 2, 1, 12));
  for (const other of ["", "soon", undefined, null, 7, {}]) expect(parseIso(other)).toBeNull();
});

test("a time of day is the next one, by the local clock", () => {
  const at = (day: number, hours: number, minutes: number) =>
    new Date(2026, 2, day, hours, minutes).getTime();
  const noon = at(1, 12, 0);
  expect(nextTimeOfDay("12:01", noon)).toBe(at(1, 12, 1));
  expect(nextTimeOfDay("9:30", noon)).toBe(at(2, 9, 30));
  expect(nextTimeOfDay("12:00", noon)).toBe(at(2, 12, 0));
  expect(nextTimeOfDay("00:00", noon)).toBe(at(2, 0, 0));
  expect(nextTimeOfDay("23:59", noon + 30_000)).toBe(at(1, 23, 59));
  for (const other of ["24:00", "12:60", "12", "noon", "12:00:00", " 12:00", ""])
    expect(nextTimeOfDay(other, noon)).toBeNull();
});
