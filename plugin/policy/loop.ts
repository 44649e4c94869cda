import type { EpochMs } from "../core/model.ts";

/**
 * The client does not throttle wakes (42 turns in 30 s between two sessions that only thanked each
 * other). A message written within `quickMs` of reading one counts as an answer in quick succession;
 * after `freeHops` of those in a chain, over any number of sessions, each further one waits longer
 * before it may wake. Nothing is lost or reordered, it only interrupts later; real work takes longer
 * than `quickMs` and starts a new chain.
 */
export const quickMs = 10_000;
export const freeHops = 16;
const longestMs = 5 * 60_000;

/** How long after it was sent a message of that many hops may start a turn. */
export function dampingMs(hops: number): number {
  return hops <= freeHops ? 0 : Math.min(longestMs, 1000 * 2 ** Math.min(20, hops - freeHops));
}

export function nextHops(lastShown: number | null): number {
  return lastShown === null ? 0 : lastShown + 1;
}

export function mayWake(message: { readonly hops: number; readonly sentAt: EpochMs }, now: EpochMs): boolean {
  return now - message.sentAt >= dampingMs(message.hops) || now < message.sentAt;
}
