import { timeOfDay } from "../core/clock.ts";
import type { EpochMs, Session } from "../core/model.ts";
import type { Facts } from "./facts.ts";

export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

export function lasted(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return many(seconds, "second");
  if (seconds < 7200) return many(Math.round(seconds / 60), "minute");
  if (seconds < 172_800) return many(Math.round(seconds / 3600), "hour");
  return many(Math.round(seconds / 86_400), "day");
}

/** `14:03`, or for older times how many days ago. */
export function since(at: EpochMs, { now }: Facts): string {
  return now.at - at > 86_400_000 ? `${lasted(now.at - at)} ago` : timeOfDay(at);
}

export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power > 2 ? 1 : 0)} ${units[power]}`;
}

export function quoted(sessions: readonly Pick<Session, "name">[]): string {
  return someOf(sessions.map(({ name }) => `"${name}"`));
}

const most = 12;

export function someOf(texts: readonly string[]): string {
  const shown = texts.slice(0, most).join(", ");
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}

/** Whether a version is this one or a newer one. */
export function atLeast(version: string, wanted: readonly [number, number, number]): boolean {
  const parts = version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  for (const [i, least] of wanted.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
