import type { EpochMs } from "../core/model.ts";

/**
 * The client does not throttle wakes (42 turns in 30 s between two sessions that only thanked each
 * other). An answer that a session writes without having used a tool since it read the message, and
 * without a word of its person, brings nothing forward. Such answers are counted along the chain, over
 * any number of sessions; above a limit each further one waits longer before it may start a turn, and
 * soon it starts none at all: it comes along with the reader's next turn. Nothing is lost or reordered.
 */
export interface Chain {
  readonly hops: number;
  /** When the last message of it was shown to the session that answers. */
  readonly at: EpochMs;
}

const steps = 8;
/** Where hooks tell nothing of tools, an answer within this time counts as one without work. */
export const quickMs = 10_000;

/** How long after it was sent a message of that many hops may start a turn; infinite: never by itself. */
export function dampingMs(hops: number, limit: number): number {
  const over = hops - limit;
  if (over <= 0) return 0;
  return over > steps ? Number.POSITIVE_INFINITY : 1000 * 2 ** over;
}

/**
 * How many answers in a row led to a message that is written now.
 *
 * @param progressAt when this session last used a tool or heard its person; null: its hooks do not tell.
 */
export function hopsAfter(last: Chain | null, progressAt: EpochMs | null, now: EpochMs): number {
  if (last === null) return 0;
  const worked = progressAt === null ? now - last.at >= quickMs : progressAt >= last.at;
  return worked ? 0 : last.hops + 1;
}

export function mayWake(
  message: { readonly hops: number; readonly sentAt: EpochMs },
  limit: number,
  now: EpochMs,
): boolean {
  return now - message.sentAt >= dampingMs(message.hops, limit) || now < message.sentAt;
}
