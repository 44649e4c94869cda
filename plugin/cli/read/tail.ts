import type { Delivery, Entry, JournalBus, JournalQuery } from "../../bus/journal.ts";
import { type Believe, type Found, sift, signed } from "./believed.ts";
import type { Change } from "./printer.ts";

/** What came since the look before. */
export interface News extends Found {
  readonly changes: readonly Change[];
  /** There is more than fits into one look. */
  readonly more: boolean;
}

export interface Tail {
  /** Cheap: what is newer, and the receipts of what was shown of late. Its cost does not grow with history. */
  look(bus: JournalBus): Promise<News>;
}

// Receipts of older ones change too, but nobody looks back so far.
const mostWatched = 300;
const pageOf = 500;

/** Follows the journal from what was shown so far. */
export function tailOf(
  query: Omit<JournalQuery, "after" | "before" | "pick" | "limit">,
  {
    shown,
    after,
    believe,
  }: { readonly shown: readonly Entry[]; readonly after: number; readonly believe: Believe },
): Tail {
  let seq = after;
  const watched = new Map(shown.map((entry) => [entry.message.seq, entry]));

  async function changes(bus: JournalBus): Promise<readonly Change[]> {
    const now = await bus.receipts([...watched.keys()]);
    const found: Change[] = [];
    for (const [key, entry] of watched) {
      const receipts = signed(entry, now.get(key) ?? []);
      const changed = receipts.filter((one) => differs(one, entry.receipts));
      // Swept away meanwhile: nothing more will be told of it.
      if (receipts.length === 0) watched.delete(key);
      if (changed.length === 0) continue;
      const next = { ...entry, receipts: entry.receipts.map((one) => changed.find(isFor(one)) ?? one) };
      watched.set(key, next);
      found.push({ entry: next, changed });
    }
    return found;
  }

  return {
    async look(bus) {
      const changed = await changes(bus);
      const page = await bus.journal({ ...query, after: seq, pick: "oldest", limit: pageOf });
      const { entries, forged } = sift(page, believe);
      seq = page.at(-1)?.message.seq ?? seq;
      for (const entry of entries) watched.set(entry.message.seq, entry);
      for (const key of [...watched.keys()].slice(0, Math.max(0, watched.size - mostWatched)))
        watched.delete(key);
      return { entries, forged, changes: changed, more: page.length === pageOf };
    },
  };
}

const isFor = (one: Delivery) => (other: Delivery) => other.addressed === one.addressed;

function differs(now: Delivery, before: readonly Delivery[]): boolean {
  const then = before.find(isFor(now));
  // One that was not signed for is not told of.
  return (
    then !== undefined && (then.state !== now.state || then.path !== now.path || then.offers !== now.offers)
  );
}
