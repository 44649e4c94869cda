import { dayOf, timeOfDay } from "../core/clock.ts";
import type { EpochMs } from "../core/model.ts";

/** `14:03`, or of another day `11-20`: five places always. */
export function moment(at: EpochMs, now: EpochMs): string {
  const day = dayOf(at);
  return day === dayOf(now) ? timeOfDay(at) : day.slice(5);
}
