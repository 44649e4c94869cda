import type { Clock } from "../core/clock.ts";
import { type DmError, isDmError } from "../core/errors.ts";

const retryMs = 5_000;

export interface KeeperParts<T> {
  readonly clock: Clock;
  /** @param lost to be called when what was begun works no more. */
  readonly begin: (lost: (error: DmError) => void) => Promise<T>;
  readonly end: (running: T) => void;
  readonly onBegun: (running: T) => void;
  /** Puts in order what can be. @returns whether it is worth to begin again at once. */
  readonly mend: (error: DmError, running: T | null) => Promise<boolean>;
  /** The first time of a fault. */
  readonly complain: (error: unknown) => void;
}

export interface Keeper<T> {
  /** Null: it does not run, and `fault` says why. */
  current(): T | null;
  fault(): unknown;
  /** Resolves when the first try is over, whatever came of it. */
  start(): Promise<void>;
  /** Resolves when nothing is being mended, or after so many milliseconds. */
  settled(ms: number): Promise<void>;
}

/**
 * Keeps a session on its bus: begins, and when the bus is lost (deleted, damaged, outgrown) has it mended
 * and begins again. Until that works its tools say what is wrong; the client goes on.
 */
export function keeper<T>({ clock, begin, end, onBegun, mend, complain }: KeeperParts<T>): Keeper<T> {
  let running: T | null = null;
  let fault: unknown = null;
  let busy: Promise<void> = Promise.resolve();

  let turn = 0;

  async function start(): Promise<void> {
    const mine = ++turn;
    try {
      // What an earlier bus still complains of is no news of this one.
      running = await begin((error) => void (mine === turn && lost(error)));
      fault = null;
      onBegun(running);
    } catch (error) {
      note(error);
      const mended = isDmError(error) && (await repair(error, null));
      if (mended) return start();
      void clock.sleep(retryMs).then(start);
    }
  }

  function lost(error: DmError): void {
    if (running === null) return; // somebody else of this process noticed it first
    const before = running;
    running = null;
    note(error);
    busy = repair(error, before).then((mended) => {
      end(before);
      if (mended) return start();
      void clock.sleep(retryMs).then(start);
      return undefined;
    });
  }

  async function repair(error: DmError, before: T | null): Promise<boolean> {
    try {
      return await mend(error, before);
    } catch (failure) {
      note(failure);
      return false;
    }
  }

  function note(error: unknown): void {
    if (fault === null) complain(error);
    fault = error;
  }

  return {
    current: () => running,
    fault: () => fault,
    start: () => {
      busy = start();
      return busy;
    },
    settled: (ms) => Promise.race([busy, clock.sleep(ms)]),
  };
}
