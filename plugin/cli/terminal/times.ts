import { brief, dayOf, timeOfDay } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { Usage } from "../command.ts";

export { brief };

const minuteMs = 60_000;

/** `14:03` today, `11-20 14:03` before. */
export function shortMoment(at: EpochMs, now: EpochMs): string {
  return dayOf(at) === dayOf(now) ? timeOfDay(at) : `${dayOf(at).slice(5)} ${timeOfDay(at)}`;
}

const dayMs = 24 * 60 * minuteMs;
const units = { s: 1_000, m: minuteMs, h: 60 * minuteMs, d: dayMs, w: 7 * dayMs } as const;

/** `90s`, `30m`, `2h`, `7d` or `2w` in milliseconds, or null if it is none of these. */
export function spanOf(text: string): number | null {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text.trim().toLowerCase()) ?? [];
  return count === undefined ? null : Number(count) * units[unit as keyof typeof units];
}

/**
 * The same, or seconds without a unit.
 *
 * @throws Usage, in which `option` is named.
 */
export function durationOf(option: string, text: string): number {
  const span = spanOf(/^\s*\d+\s*$/.test(text) ? `${text.trim()}s` : text);
  if (span === null) throw new Usage(`${option} is "${text.slice(0, 40)}"; it takes 90s, 30m, 2h, 7d or 2w.`);
  return span;
}

/** `14:03:22` today, `2026-11-20 14:03:22` before. */
export function exactMoment(at: EpochMs, now: EpochMs): string {
  return dayOf(at) === dayOf(now) ? exactTime(at) : `${dayOf(at)} ${exactTime(at)}`;
}

/** How long something took: `0.3 s`, and from ten seconds on as `brief` has it. */
export function took(ms: number): string {
  return ms < 10_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : brief(ms);
}

/** `14:03:22` */
export function exactTime(at: EpochMs): string {
  return `${timeOfDay(at)}:${String(Math.floor(at / 1000) % 60).padStart(2, "0")}`;
}
