export { brief } from "../../core/clock.ts";

import { dayOf, timeOfDay } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { Usage } from "../command.ts";

const minuteMs = 60_000;

/** `14:03` today, `11-20 14:03` before. */
export function shortMoment(at: EpochMs, now: EpochMs): string {
  return dayOf(at) === dayOf(now) ? timeOfDay(at) : `${dayOf(at).slice(5)} ${timeOfDay(at)}`;
}

const units = { s: 1_000, m: minuteMs, h: 60 * minuteMs, d: 24 * 60 * minuteMs } as const;

/**
 * Milliseconds in `90`, `90s`, `30m`, `2h` or `7d`.
 *
 * @throws Usage, in which `option` is named.
 */
export function durationOf(option: string, text: string): number {
  const [, count, unit = "s"] = /^(\d{1,9})([smhd]?)$/.exec(text.trim().toLowerCase()) ?? [];
  if (count === undefined)
    throw new Usage(`${option} is "${text.slice(0, 40)}"; it takes 90s, 30m, 2h or 7d.`);
  return Number(count) * units[(unit || "s") as keyof typeof units];
}

/** `14:03:22` */
export function exactTime(at: EpochMs): string {
  return `${timeOfDay(at)}:${String(Math.floor(at / 1000) % 60).padStart(2, "0")}`;
}
