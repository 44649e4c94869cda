import type { Bus } from "../../../bus/bus.ts";
import type { Entry } from "../../../bus/journal.ts";
import type { DeliveryState } from "../../../core/model.ts";

/** The newest messages, kept up to date at the cost of what is new. */
export interface Feed {
  /** Oldest first. */
  readonly look: () => Promise<readonly Entry[]>;
}

export const kept = 300;
// The view shows a row of each; the whole text is read when somebody opens it.
const longestBody = 2_000;

const done: readonly DeliveryState[] = ["replied", "expired", "refused", "quarantined"];

export function feed(bus: Bus): Feed {
  let entries: readonly Entry[] = [];
  return {
    async look() {
      const after = entries.at(-1)?.message.seq;
      const news = (await bus.journal({ after, limit: kept })).map(shortened);
      // An answer is a message: what was seen can only have moved on if there are new ones.
      const settled: readonly DeliveryState[] = news.length > 0 ? done : [...done, "seen"];
      const open = entries
        .filter(({ receipts }) => receipts.some(({ state }) => !settled.includes(state)))
        .map(({ message }) => message.seq);
      const receipts = open.length === 0 ? null : await bus.receipts(open);
      const known =
        receipts === null
          ? entries
          : entries.flatMap((entry) => {
              const now = receipts.get(entry.message.seq) ?? entry.receipts;
              return now.length === 0 ? [] : [{ ...entry, receipts: now }]; // none: it was swept
            });
      entries = [...known, ...news].slice(-kept);
      return entries;
    },
  };
}

function shortened(entry: Entry): Entry {
  const { body } = entry.message;
  if (body.length <= longestBody) return entry;
  // A copy: a slice would keep the whole text in memory.
  const short = Buffer.from(body.slice(0, longestBody)).toString();
  return { ...entry, message: { ...entry.message, body: short } };
}
