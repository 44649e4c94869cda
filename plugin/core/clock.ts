import { uptime } from "node:os";
import type { EpochMs, UpMs } from "./model.ts";

/** Time is handed in, never reached for: tests turn it by hand. */
export interface Clock {
  now(): EpochMs;
  /** Since boot, sleep included, not settable. Comparable only within one boot. */
  up(): UpMs;
  sleep(ms: number): Promise<void>;
  /** Stops this process for fractions of a millisecond: cheaper than a turn of the event loop. */
  block(ms: number): void;
  /** After what is ready now has run: once per turn of the event loop. */
  soon(run: () => void): void;
  /** @returns a function that stops it. */
  every(ms: number, run: () => void): () => void;
}

export const dayMs = 86_400_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  up: () => Math.round(uptime() * 1000),
  block: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  soon: (run) => void setImmediate(run),
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};

/**
 * Whether `ms` have passed since a moment that was noted by wall clock and uptime. Within one boot
 * both must agree, so that a clock set ahead makes nothing old; after a reboot only the wall is left.
 */
export function hasPassed(
  since: { readonly at: EpochMs; readonly up: UpMs; readonly boot: string },
  now: { readonly at: EpochMs; readonly up: UpMs; readonly boot: string },
  ms: number,
): boolean {
  if (now.at - since.at < ms) return false;
  return since.boot !== now.boot || now.up - since.up >= ms;
}

/** ISO 8601, as people and models read it. */
export function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}

/** A moment in ISO 8601, or null if that is none. */
export function parseIso(text: unknown): EpochMs | null {
  const at = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** The next moment at which the local clock shows `15:30`, or null if that is no time of day. */
export function nextTimeOfDay(text: string, now: EpochMs): EpochMs | null {
  const at = thatDay(text, now, 0);
  return at === null || at > now ? at : thatDay(text, now, 1);
}

/** The last moment at which it did. */
export function lastTimeOfDay(text: string, now: EpochMs): EpochMs | null {
  const at = thatDay(text, now, 0);
  return at === null || at <= now ? at : thatDay(text, now, -1);
}

/** When the day so many days after today begins. */
export function dayAt(now: EpochMs, days: number): EpochMs {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  return date.setHours(0, 0, 0, 0);
}

/** That time so many days after today. */
function thatDay(text: string, now: EpochMs, days: number): EpochMs | null {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const date = new Date(now);
  date.setHours(Number(hours), Number(minutes), 0, 0);
  date.setDate(date.getDate() + days);
  return date.getTime();
}

/** Local time of day, `14:03`. */
export function timeOfDay(at: EpochMs): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The midnight before, of the local clock. */
export function startOfDay(at: EpochMs): EpochMs {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The day there, `2026-11-21`. */
export function dayOf(at: EpochMs): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const minuteMs = 60_000;

/** How long, in as few letters as will do: `45 s`, `12 min`, `3 h`, `2 d`. */
export function brief(ms: number): string {
  const length = Math.max(0, ms);
  if (length < minuteMs) return `${Math.floor(length / 1000)} s`;
  if (length < 60 * minuteMs) return `${Math.floor(length / minuteMs)} min`;
  if (length < 48 * 60 * minuteMs) return `${Math.floor(length / (60 * minuteMs))} h`;
  return `${Math.floor(length / (24 * 60 * minuteMs))} d`;
}
