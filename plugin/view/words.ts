import { dayOf, timeOfDay } from "../core/clock.ts";
import type { EpochMs } from "../core/model.ts";

/** How long, in as few letters as will do: `40 s`, `3 min`, `2 h`, `5 d`. A clock that was set back makes nothing negative. */
export function lasting(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `14:03`, or of another day `11-20`: five places always. */
export function moment(at: EpochMs, now: EpochMs): string {
  const day = dayOf(at);
  return day === dayOf(now) ? timeOfDay(at) : day.slice(5);
}

export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
