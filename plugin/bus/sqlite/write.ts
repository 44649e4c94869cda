import type { Database } from "bun:sqlite";
import type { Clock } from "../../core/clock.ts";
import { explain, isBusy } from "./errors.ts";
import { refuseNewer } from "./version.ts";

/**
 * @param patienceMs how long to wait for this process's queue and other writers, instead of the usual.
 * @param when `now` shares no commit with what this turn of the event loop still asks for.
 */
export type Write = <T>(run: () => T, patienceMs?: number, when?: "now") => Promise<T>;

interface Job {
  readonly run: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  patienceMs: number;
}

const largestGroup = 64;

/**
 * Runs the write transactions of this process in the order asked for: that is the order of arrival
 * that a sender is promised. What is asked for within one turn of the event loop shares one commit;
 * with 16 calls in flight that is the difference between 8 pages written per message and less than 1.
 *
 * Waits for other processes without blocking the event loop. A lock is held for some 30 µs, but
 * SQLite's own back-off sleeps 1 ms and more (130 µs per message under load, up to 100 ms with eight
 * writers), so the busy timeout is 0 and the waiting is done here: briefly on the spot, then asleep.
 */
export function writer(db: Database, clock: Clock, usualMs: number, guard: () => void): Write {
  const queue: Job[] = [];
  let flushing = false;

  async function flush(): Promise<void> {
    while (queue.length > 0) await commit(queue.splice(0, largestGroup));
    flushing = false;
  }

  async function commit(jobs: Job[]): Promise<void> {
    for (let group = jobs, tries = 0; group.length > 0; tries++) {
      try {
        settle(
          group,
          transact(db, () => {
            guard();
            return group.map((job) => job.run());
          }),
        );
        return;
      } catch (error) {
        if (!isBusy(error)) {
          // One of them failed; which one is found by running each alone, so that no other suffers.
          if (group.length > 1) for (const job of group) await commit([job]);
          else group[0]?.reject(explain(error, db.filename));
          return;
        }
        const waited = await pause(clock, tries);
        group = group.filter((job) => isPatient(job, waited, error));
        for (const job of queue.splice(0)) if (isPatient(job, waited, error)) queue.push(job);
      }
    }
  }

  function isPatient(job: Job, waited: number, error: unknown): boolean {
    job.patienceMs -= waited; // counted, not read off a clock that may jump
    if (job.patienceMs > 0) return true;
    job.reject(explain(error, db.filename));
    return false;
  }

  return <T>(run: () => T, patienceMs = usualMs, when?: "now") =>
    new Promise<T>((resolve, reject) => {
      queue.push({ run, resolve, reject, patienceMs });
      if (flushing) return;
      flushing = true;
      if (when === "now") void flush();
      else clock.soon(() => void flush());
    });
}

function settle(jobs: readonly Job[], results: readonly unknown[]): void {
  jobs.forEach((job, i) => {
    job.resolve(results[i] as never);
  });
}

/** @returns how long it waited, in milliseconds. */
async function pause(clock: Clock, tries: number): Promise<number> {
  if (tries < 6) {
    const ms = 0.03 + Math.random() * 0.05;
    clock.block(ms);
    return ms;
  }
  const ms = 0.5 + Math.random() * 2;
  await clock.sleep(ms);
  return ms;
}

/** `BEGIN IMMEDIATE`: a deferred one that reads first fails for most callers under contention. */
export function transact<T>(db: Database, run: () => T): T {
  db.query("begin immediate").run();
  try {
    refuseNewer(db);
    const result = run();
    db.query("commit").run();
    return result;
  } catch (error) {
    if (db.inTransaction) db.query("rollback").run();
    throw error;
  }
}

/**
 * For who only reads a file that another takes the place of: whoever is in the middle of a write there finishes
 * first, and later ones find that it has moved. Nothing is written there, and so nothing committed: after a damaged
 * page was read, SQLite refuses that.
 */
export function whileLocked<T>(db: Database, run: () => T): T {
  db.query("begin immediate").run();
  try {
    refuseNewer(db);
    return run();
  } finally {
    if (db.inTransaction) db.query("rollback").run();
  }
}

/** Tries again while another program holds a lock. @throws DmError `bus_busy` after so many milliseconds. */
export async function patiently<T>(clock: Clock, patienceMs: number, path: string, run: () => T): Promise<T> {
  for (let tries = 0, waited = 0; ; tries++) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || waited >= patienceMs) throw explain(error, path);
      waited += await pause(clock, tries);
    }
  }
}
