import type { Database } from "bun:sqlite";
import type { Clock } from "../../core/clock.ts";
import { explain, isBusy } from "./errors.ts";
import { refuseNewer } from "./version.ts";
import type { Write } from "./write.ts";

const longestReadMs = 30;

/** What every part of this engine works with. */
export interface Store {
  readonly db: Database;
  readonly clock: Clock;
  /** The boot this process runs in; uptimes of other boots mean nothing. */
  readonly boot: string;
  readonly write: Write;
  /** Runs a read and puts SQLite's errors into words. */
  read<T>(run: () => T): Promise<T>;
}

export function store(parts: Omit<Store, "read">): Store {
  return {
    ...parts,
    async read(run) {
      for (let tries = 0; ; tries++) {
        try {
          return run();
        } catch (error) {
          // Readers wait for nobody in WAL, but for the moment in which somebody recovers the log of
          // a killed writer or closes the file as its last user.
          if (!isBusy(error) || tries >= longestReadMs) {
            refuseNewer(parts.db); // what failed may have asked for what is no more
            throw explain(error, parts.db.filename);
          }
          parts.clock.block(1);
        }
      }
    },
  };
}

/**
 * SQL for "these milliseconds have passed since that row's moment": wall clock and uptime must agree
 * within one boot, so that a clock set ahead makes nothing old (core/clock.ts, hasPassed).
 */
export function passedSql(columns: { at: string; up: string; boot: string }, ms: string): string {
  return `($now - ${columns.at} >= ${ms} and (${columns.boot} <> $boot or $up - ${columns.up} >= ${ms}))`;
}

export function moment({ clock, boot }: Store): { now: number; up: number; boot: string } {
  return { now: clock.now(), up: clock.up(), boot };
}
