import type { Database } from "bun:sqlite";
import type { Clock } from "../../core/clock.ts";
import { DmError } from "../../core/errors.ts";
import { turns } from "../../core/turns.ts";
import { explain, isBusy } from "./errors.ts";

/** @param patienceMs how long to wait for other writers, instead of the usual. */
export type Write = <T>(run: () => T, patienceMs?: number) => Promise<T>;

// bun:sqlite's default is 0: a second writer would fail at once with SQLITE_BUSY. But it waits
// synchronously, so short here, and the retry below takes over without blocking hooks or shutdown.
export const busyMs = 30;

/**
 * Runs write transactions of this process one after another, in the order asked for: that is the
 * order of arrival that a sender is promised. Waits for other processes without blocking the event
 * loop: SQLite's own back-off sleeps up to 100 ms, short jittered sleeps of ours cut the tail to a
 * third and double the throughput of eight writers.
 */
export function writer(db: Database, clock: Clock, usualMs: number): Write {
  const inTurn = turns();
  return (run, patienceMs = usualMs) => {
    if (patienceMs >= usualMs) return inTurn(() => insist(db, clock, patienceMs, run));
    // A hook's patience includes its place in the queue; once its time is over it must not write.
    let state: "queued" | "begun" | "over" = "queued";
    const late = () => new DmError("bus_busy", `${db.filename} is busy. Nothing was written.`);
    const turn = inTurn(() => {
      if (state === "over") throw late();
      state = "begun";
      return insist(db, clock, patienceMs, run);
    });
    const patience = clock.sleep(patienceMs).then(() => {
      if (state === "begun") return turn;
      state = "over";
      throw late();
    });
    return Promise.race([turn, patience]);
  };
}

async function insist<T>(db: Database, clock: Clock, patienceMs: number, run: () => T): Promise<T> {
  for (let waited = 0; ; ) {
    try {
      return transact(db, run);
    } catch (error) {
      if (!isBusy(error) || waited >= patienceMs) throw explain(error, db.filename);
      const pause = 0.1 + Math.random() * 1.9;
      await clock.sleep(pause);
      waited += busyMs + pause; // counted, not read off a clock that may jump
    }
  }
}

/** `BEGIN IMMEDIATE`: a deferred one that reads first fails for most callers under contention. */
export function transact<T>(db: Database, run: () => T): T {
  db.query("begin immediate").run();
  try {
    const result = run();
    db.query("commit").run();
    return result;
  } catch (error) {
    if (db.inTransaction) db.query("rollback").run();
    throw error;
  }
}
