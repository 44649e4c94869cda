import type { Delivery, Entry, JournalQuery } from "../../bus/journal.ts";
import type { Home } from "../../core/home.ts";
import { personCheck } from "../../host/userkey.ts";
import { isGenuine, pretends } from "../../policy/trust.ts";
import type { Store } from "../store.ts";

/** What a look found: mail, and how many rows beside it are none. */
export interface Found {
  readonly entries: readonly Entry[];
  /** Rows that are not what a session of this bus signed. */
  readonly forged: number;
}

export type Believe = (entry: Entry) => Entry | null;

/**
 * Tells mail from rows that something wrote past us: those are counted and never shown. Of a message's
 * deliveries those count that its sender signed for. The person's key is looked at once.
 */
export function believer({ folder }: Pick<Home, "folder">): Believe {
  const check = personCheck(() => folder);
  const checked = new Map<string, boolean>();
  const isPerson = (id: string) => {
    const known = checked.get(id) ?? check(id);
    checked.set(id, known);
    return known;
  };
  return (entry) => {
    const { message, known } = entry;
    if (!known || !isGenuine(message) || pretends(message, isPerson)) return null;
    const receipts = signed(entry, entry.receipts);
    // What none of its receivers believed is none either.
    const isSetAside = receipts.length > 0 && receipts.every(({ state }) => state === "quarantined");
    return isSetAside ? null : { ...entry, receipts };
  };
}

/** The deliveries that a message was signed for, each with the name it was signed for: a delivery is a row, and anybody may have written it. */
export function signed(
  { message }: Pick<Entry, "message">,
  receipts: readonly Delivery[],
): readonly Delivery[] {
  return receipts.flatMap((one) => {
    const to = message.recipients.find(({ mailbox }) => mailbox === one.addressed);
    return to === undefined ? [] : { ...one, name: to.name };
  });
}

/** Of these the mail. */
export function sift(entries: readonly Entry[], believe: Believe): Found {
  const good = entries.flatMap((entry) => believe(entry) ?? []);
  return { entries: good, forged: entries.length - good.length };
}

/** The newest that match, as many as asked for: rows that are no mail take no mail's place. */
export async function look({ bus }: Store, query: JournalQuery, believe: Believe): Promise<Found> {
  let found: Found = { entries: [], forged: 0 };
  for (let before = query.before; found.entries.length < query.limit; ) {
    const limit = query.limit - found.entries.length;
    const page = await bus.journal({ ...query, before, limit });
    const { entries, forged } = sift(page, believe);
    found = { entries: [...entries, ...found.entries], forged: found.forged + forged };
    before = page[0]?.message.seq;
    if (page.length < limit) break;
  }
  return found;
}

export function forgedText(forged: number): string {
  return forged === 1
    ? "1 row is not what its sender signed and is not shown: something writes to the bus past cc-dm."
    : `${forged} rows are not what their senders signed and are not shown: something writes to the bus past cc-dm.`;
}
