import type { Delivery, Entry } from "../../bus/journal.ts";
import { iso } from "../../core/clock.ts";
import type { DeliveryState } from "../../core/model.ts";
import type { Ink } from "../terminal/paper.ts";

/** How a delivery, or a whole message, stands: a mark for the eye, a word, a colour. */
export interface Standing {
  readonly mark: string;
  readonly word: string;
  readonly ink: Ink;
}

const marks: Readonly<Record<DeliveryState, readonly [mark: string, ink: Ink]>> = {
  queued: ["○", "dim"],
  handed: ["›", "yellow"],
  seen: ["✓", "green"],
  replied: ["✓", "green"],
  expired: ["✗", "red"],
  refused: ["✗", "red"],
  quarantined: ["!", "red"],
};

export function standingOf(state: DeliveryState): Standing {
  const [mark, ink] = marks[state] ?? ["?", "red"]; // a row may hold anything
  return { mark, word: state, ink };
}

export function isSeen({ state }: Pick<Delivery, "state">): boolean {
  return state === "seen" || state === "replied";
}

/** Whether everybody whom it was sent to has seen it. */
export function allSeen({ message, receipts }: Entry): boolean {
  return (
    message.recipients.length > 0 &&
    message.recipients.every(({ mailbox }) =>
      receipts.some((one) => one.addressed === mailbox && isSeen(one)),
    )
  );
}

// What is said of several: the worst first, for it wants somebody's attention.
const order: readonly DeliveryState[] = [
  "quarantined",
  "refused",
  "expired",
  "queued",
  "handed",
  "seen",
  "replied",
];

/** Of all its deliveries together: `✓ seen`, `✓ 2 of 3 seen`, `✗ 1 expired, 2 of 3 seen`. */
export function standing({ receipts }: Pick<Entry, "receipts">): Standing {
  const states = [...new Set(receipts.map(({ state }) => state))];
  const [first] = states;
  if (first === undefined) return { mark: "?", word: "no receipt", ink: "red" };
  if (states.length === 1)
    return { ...standingOf(first), word: receipts.length === 1 ? first : `all ${receipts.length} ${first}` };
  const worst = order.find((state) => states.includes(state)) ?? first;
  const seen = receipts.filter(isSeen).length;
  const failed = (["quarantined", "refused", "expired"] as const).flatMap((state) => {
    const count = receipts.filter((one) => one.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const word = [...failed, `${seen} of ${receipts.length} seen`].join(", ");
  if (failed.length > 0 || seen === receipts.length) return { ...standingOf(worst), word };
  return { ...(seen > 0 ? { mark: "✓", ink: "yellow" } : standingOf(worst)), word } as Standing;
}

/** A delivery for a script. */
export function receiptJson({ message }: Pick<Entry, "message">, receipt: Delivery) {
  const to = message.recipients.find(({ mailbox }) => mailbox === receipt.addressed);
  const moment = (at: number | null) => (at === null ? null : iso(at));
  return {
    to: receipt.name,
    project: to?.project ?? null,
    state: receipt.state,
    path: receipt.path,
    offers: receipt.offers,
    handed_at: moment(receipt.handedAt),
    seen_at: moment(receipt.seenAt),
    evidence: receipt.evidence,
    expires_at: iso(receipt.expiresAt),
    session_id: receipt.session,
  };
}
