import type { UpMs } from "../core/model.ts";

export interface Flood {
  /** Counts one send. @returns false if this minute's share is used up. */
  admit(now: UpMs): boolean;
}

/** At most `limit` sends in any minute, counted by uptime so that a clock set back blocks nobody. */
export function flood(limit: number): Flood {
  // One count per second of the last minute: memory does not grow with the sends.
  const counts = new Map<number, number>();
  return {
    admit(now) {
      const second = Math.floor(now / 1000);
      for (const old of counts.keys()) if (old <= second - 60) counts.delete(old);
      const sent = [...counts.values()].reduce((sum, n) => sum + n, 0);
      if (sent >= limit) return false;
      counts.set(second, (counts.get(second) ?? 0) + 1);
      return true;
    },
  };
}
