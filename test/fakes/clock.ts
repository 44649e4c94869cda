import type { Clock } from "../../plugin/core/clock.ts";

export interface FakeClock extends Clock {
  /** Until everything that is ready has run; no time goes by. */
  settle(): Promise<void>;
  /** Lets time go by, on the wall and since boot, and runs what falls due, one after another. */
  pass(ms: number): Promise<void>;
  /** Somebody sets the wall clock; no time goes by. */
  setWall(by: number): void;
  /** The machine starts anew: uptime begins at zero, the wall goes on. */
  reboot(): void;
}

interface Timer {
  readonly at: number;
  readonly every: number | null;
  readonly run: () => void;
}

export const startOfTime = Date.parse("2026-03-01T12:00:00.000Z");

/** A clock that only moves when told to. Nothing that waits for it is real time. */
export function fakeClock(): FakeClock {
  let wall = startOfTime;
  let up = 7_200_000;
  let soon = 0;
  const timers = new Set<Timer>();

  const add = (ms: number, run: () => void, every: number | null = null): Timer => {
    const timer = { at: up + ms, every, run };
    timers.add(timer);
    return timer;
  };
  const nextDue = (until: number): Timer | undefined =>
    [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
  const goTo = (moment: number): void => {
    wall += Math.max(0, moment - up);
    up = Math.max(up, moment);
  };

  // What runs now may want to run something soon, and that again.
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 3; quiet = soon === 0 ? quiet + 1 : 0) await nextTurn();
  };

  return {
    now: () => wall,
    up: () => up,
    sleep: (ms) => new Promise((resolve) => void add(ms, resolve)),
    // No matter of time: the event loop is real.
    soon(run) {
      soon++;
      setImmediate(() => {
        soon--;
        run();
      });
    },
    block() {},
    every(ms, run) {
      let timer = add(ms, tick, ms);
      function tick(): void {
        timer = add(ms, tick, ms);
        run();
      }
      return () => void timers.delete(timer);
    },
    settle,
    async pass(ms) {
      const end = up + ms;
      await settle();
      for (let due = nextDue(end); due !== undefined; due = nextDue(end)) {
        timers.delete(due);
        goTo(due.at);
        due.run();
        await settle();
      }
      goTo(end);
    },
    setWall(by) {
      wall += by;
    },
    reboot() {
      up = 0;
    },
  };
}

/** One turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
