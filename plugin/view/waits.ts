import type { Entry } from "../bus/journal.ts";
import type { EpochMs, Message } from "../core/model.ts";

/** One session waits for another: its message was not seen, or has had no answer. */
export interface Wait {
  readonly from: string;
  readonly to: string;
  readonly why: "unseen" | "no answer";
  readonly since: EpochMs;
}

const hourMs = 3_600_000;
// What was asked for by type is awaited as long as mail lives by default; other words do not always want an answer.
const askedMs = 24 * hourMs;
const saidMs = hourMs;

/**
 * Who waits for whom, as the messages show it; the longest wait of each pair. Whoever writes back has
 * answered, whether by `reply` or not.
 *
 * @param entries oldest first.
 */
export function waitsIn(entries: readonly Entry[], now: EpochMs): readonly Wait[] {
  const open = new Map<string, Wait>();
  const key = (from: string, to: string) => `${from}\n${to}`;
  for (const { message, receipts } of entries) {
    if (message.kind !== "dm") continue;
    const from = message.fromName;
    for (const { name: to, state } of receipts) {
      const back = open.get(key(to, from));
      if (back?.why === "no answer") open.delete(key(to, from));
      const why = state === "queued" || state === "handed" ? "unseen" : "no answer";
      const waits = why === "unseen" || (state === "seen" && now - message.sentAt < patience(message));
      const known = open.get(key(from, to));
      // What came later and was seen or answered shows that the earlier is no longer awaited.
      if (!waits) {
        if (known?.why === "no answer" && state === "replied") open.delete(key(from, to));
      } else if (known === undefined || (known.why === "no answer" && why === "unseen"))
        open.set(key(from, to), { from, to, why, since: message.sentAt });
    }
  }
  return [...open.values()];
}

/** For how long an answer to it is awaited once it was seen, in milliseconds. */
function patience({ type, inReplyTo, priority }: Message): number {
  if (type === "status" || priority === "low") return 0;
  if (type !== null) return askedMs;
  return inReplyTo === null ? saidMs : 0;
}
