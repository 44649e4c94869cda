import { beforeEach, describe, expect, test } from "bun:test";
import { type Duty, pollMs, ticker } from "../../plugin/delivery/ticker.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";

let clock: FakeClock;
let logged: unknown[];
beforeEach(() => {
  clock = fakeClock();
  logged = [];
});

const tick = (duties: readonly Duty[], onTick = () => {}) =>
  ticker(clock, (event, fields) => void logged.push([event, fields]), onTick, duties);

test("looks at every poll, until it is stopped", async () => {
  let ticks = 0;
  const stop = tick([], () => void ticks++);
  await clock.pass(10 * pollMs);
  expect(ticks).toBe(10);
  stop();
  await clock.pass(10 * pollMs);
  expect(ticks).toBe(10);
});

describe("a duty", () => {
  test("is done when its time has come, again and again", async () => {
    const at: number[] = [];
    const start = clock.up();
    tick([{ name: "x", everyMs: 2000, run: async () => void at.push(clock.up() - start) }]);
    await clock.pass(7000);
    expect(at).toEqual([2000, 4000, 6000]);
  });

  test("is done by all at the same time, whenever each of them started", async () => {
    const at: number[][] = [[], []];
    const start = clock.up();
    const beat = (n: number) => [
      { name: "x", everyMs: 30_000, run: async () => void at[n]?.push(clock.up() - start) },
    ];
    tick(beat(0));
    await clock.pass(13_000);
    tick(beat(1));
    await clock.pass(60_000);
    expect(at).toEqual([
      [30_000, 60_000],
      [30_000, 60_000],
    ]);
  });

  test("goes by uptime, not by a clock that is set", async () => {
    let runs = 0;
    tick([{ name: "x", everyMs: 30_000, run: async () => void runs++ }]);
    clock.setWall(3_600_000);
    await clock.pass(29_000);
    expect(runs).toBe(0);
    clock.setWall(-7_200_000);
    await clock.pass(1000);
    expect(runs).toBe(1);
  });

  test("never overlaps itself, and holds up no other", async () => {
    let [running, most, others] = [0, 0, 0];
    const slow: Duty = {
      name: "slow",
      everyMs: 1000,
      async run() {
        most = Math.max(most, ++running);
        await clock.sleep(5000);
        running--;
      },
    };
    tick([slow, { name: "other", everyMs: 1000, run: async () => void others++ }]);
    await clock.pass(20_000);
    expect(most).toBe(1);
    expect(others).toBe(20);
  });

  test("that fails is noted, and tried again at its time", async () => {
    let tries = 0;
    tick([
      {
        name: "x",
        everyMs: 1000,
        async run() {
          tries++;
          throw new Error("locked");
        },
      },
    ]);
    await clock.pass(3000);
    expect(tries).toBe(3);
    expect(logged[0]).toEqual(["duty_failed", { duty: "x", error: "Error: locked" }]);
  });

  test("may be due early, but not while it is busy", async () => {
    let [runs, asked] = [0, 0];
    let due = false;
    const duty: Duty = {
      name: "x",
      everyMs: 60_000,
      early() {
        asked++;
        return due;
      },
      async run() {
        runs++;
        due = false;
        await clock.sleep(3 * pollMs);
      },
    };
    tick([duty]);
    await clock.pass(2 * pollMs);
    expect(runs).toBe(0);
    due = true;
    await clock.pass(pollMs);
    expect(runs).toBe(1);
    due = true;
    const before = asked;
    await clock.pass(2 * pollMs);
    expect([runs, asked]).toEqual([1, before]);
    await clock.pass(2 * pollMs);
    expect(runs).toBe(2);
  });
});
