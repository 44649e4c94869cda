import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";

export const pollMs = 500;

export interface Duty {
  readonly name: string;
  readonly everyMs: number;
  /** Due before its time? Asked at every poll, so it must cost nothing. */
  readonly early?: () => boolean;
  readonly run: () => Promise<void>;
}

/**
 * The one timer of this process: a timer's wake-up costs 300 µs, what it looks at 2 µs. `onTick`
 * runs at every poll; a duty when its time has come by uptime, never while it still runs.
 */
export function ticker(clock: Clock, log: Log, onTick: () => void, duties: readonly Duty[]): () => void {
  const state = duties.map((duty) => ({ duty, last: clock.up(), busy: false }));
  return clock.every(pollMs, () => {
    onTick();
    const now = clock.up();
    for (const entry of state) {
      if (entry.busy) continue;
      if (now - entry.last < entry.duty.everyMs && entry.duty.early?.() !== true) continue;
      entry.busy = true;
      entry.last = now;
      entry.duty
        .run()
        .catch((error: unknown) => log("duty_failed", { duty: entry.duty.name, error: String(error) }))
        .finally(() => {
          entry.busy = false;
        });
    }
  });
}
