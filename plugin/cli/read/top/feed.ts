import type { Bus } from "../../../bus/bus.ts";
import type { Entry } from "../../../bus/journal.ts";
import type { DeliveryState } from "../../../core/model.ts";
import { type Believe, sift, signed } from "../believed.ts";

/** The newest messages, kept up to date at the cost of what is new. */
export interface Feed {
  /** Oldest first; the very same list if nothing has changed. */
  readonly look: () => Promise<readonly Entry[]>;
  /** Rows so far that are no mail. */
  readonly forged: () => number;
}

export const kept = 300;
// The view shows a row of each; the whole text is read when somebody opens it.
const longestBody = 2_000;

const done: readonly DeliveryState[] = ["replied", "expired", "refused", "quarantined"];

export function feed(bus: Bus, believe: Believe): Feed {
  let entries: readonly Entry[] = [];
  let after: number | undefined;
  let forged = 0;
  return {
    forged: () => forged,
    async look() {
      const page = await bus.journal({ after, limit: kept });
      after = page.at(-1)?.message.seq ?? after;
      const sifted = sift(page, believe);
      forged += sifted.forged;
      const news = sifted.entries.map(shortened);
      // An answer is a message: what was seen can only have moved on if there are new ones.
      const settled: readonly DeliveryState[] = news.length > 0 ? done : [...done, "seen"];
      const open = entries
        .filter(({ receipts }) => receipts.some(({ state }) => !settled.includes(state)))
        .map(({ message }) => message.seq);
      const receipts = open.length === 0 ? new Map<number, Receipts>() : await bus.receipts(open);
      const known = entries.flatMap((entry) => {
        const found = receipts.get(entry.message.seq);
        const now = found === undefined ? entry.receipts : signed(entry, found);
        if (now.length === 0) return []; // swept
        return isSame(now, entry.receipts) ? [entry] : [{ ...entry, receipts: now }];
      });
      const next = [...known, ...news].slice(-kept);
      if (next.length !== entries.length || next.some((entry, i) => entry !== entries[i])) entries = next;
      return entries;
    },
  };
}

type Receipts = Entry["receipts"];

function isSame(some: Receipts, others: Receipts): boolean {
  return (
    some.length === others.length &&
    some.every(({ state, offers, path }, i) => {
      const other = others[i];
      return state === other?.state && offers === other.offers && path === other.path;
    })
  );
}

function shortened(entry: Entry): Entry {
  const { body } = entry.message;
  if (body.length <= longestBody) return entry;
  // A copy: a slice would keep the whole text in memory.
  const short = Buffer.from(body.slice(0, longestBody)).toString();
  return { ...entry, message: { ...entry.message, body: short } };
}
