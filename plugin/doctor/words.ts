import { dayMs, timeOfDay } from "../core/clock.ts";
import { lasted, someOf } from "../core/counts.ts";
import type { EpochMs, Session } from "../core/model.ts";
import type { Facts } from "./facts.ts";

/** `14:03`, or for older times how many days ago. */
export function since(at: EpochMs, { now }: Facts): string {
  return now.at - at > dayMs ? `${lasted(now.at - at)} ago` : timeOfDay(at);
}

export function quoted(sessions: readonly Pick<Session, "name">[]): string {
  return someOf(sessions.map(({ name }) => `"${name}"`));
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
