import { command, type Terminal, Usage } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { believer, type Found, forgedText, look } from "./believed.ts";
import { messageJson } from "./entry.ts";
import { follow } from "./follow.ts";
import { printer } from "./printer.ts";
import { lastOf, nothingOf, type Sieve, sieveOf, sieveOptions, stranger } from "./sieve.ts";

const usual = 20;
const usualFollowing = 10;
// Of a time or a thread all is wanted.
const usualWithin = 1_000;

export const log = command({
  details: `The newest last, of all sessions of this machine, open and closed; mail that waits too. On a terminal the beginning of each text; into a pipe one line for each message, whole. The letters at the end name the message: cc-dm thread, receipts and reply take them.

Marks: ○ queued, › handed, ✓ seen or replied, ✗ expired or refused, ! set aside as forged.
Exit code: 0, also if there is nothing; 3 if the bus cannot be read or nobody ever had such a name.`,
  operands: "",
  instead: "cc-dm search WORDS looks for text, cc-dm thread ID shows one thread.",
  options: {
    follow: { type: "boolean", short: "f", about: "Go on with what comes, and tell when something was seen" },
    last: {
      type: "string",
      short: "n",
      value: "N",
      about: `So many messages, the newest (${usual}; with --since or --thread ${usualWithin})`,
    },
    ...sieveOptions,
    full: { type: "boolean", about: "Whole texts" },
    json: {
      type: "boolean",
      about: "One JSON object; with --follow one for each message and each change of a receipt, a line each",
    },
  },
  examples: [
    ["cc-dm log -f", "in a window of its own"],
    ["cc-dm log --since 22:00", "since ten in the evening"],
    ["cc-dm log --from planner --type task --since 2d", "what the planner asked for"],
    ["cc-dm log -f --json | jq -r 'select(.event == \"message\") | .content'", "for a script"],
  ],
  async run(terminal, { options }) {
    const sieve = sieveOf(options, terminal.clock.now());
    const { json: forScript = false, full = false } = options;
    if (options.follow === true) {
      if (sieve.until !== undefined) throw new Usage("--follow goes on without end; it takes no --until.");
      const last = lastOf(options.last, sieve.since === undefined ? usualFollowing : usualWithin);
      return follow(terminal, { sieve, last, show: printer(terminal, { forScript, full }) });
    }
    const isWithin = sieve.since !== undefined || sieve.threadId !== undefined;
    const limit = lastOf(options.last, isWithin ? usualWithin : usual);
    const found = await withStore(terminal, (store) => looked(store, sieve, limit + 1));
    const entries = found.entries.slice(-limit);
    if (forScript) terminal.out(report(terminal, { ...found, entries }));
    else if (entries.length === 0) terminal.err("cc-dm: no message fits.\n");
    else printer(terminal, { forScript, full }).messages(entries);
    if (found.forged > 0) terminal.err(`cc-dm: ${forgedText(found.forged)}\n`);
    if (found.entries.length > limit && options.last === undefined)
      terminal.err(`cc-dm: the last ${limit} of more; --last N shows more.\n`);
    return 0;
  },
});

/** @throws DmError for names, threads and projects of which nothing is on record. */
export async function looked(
  store: Store,
  query: Sieve & { readonly text?: string },
  limit: number,
): Promise<Found> {
  const unknown = await stranger(store, query);
  if (unknown !== null) throw unknown;
  const found = await look(store, { ...query, limit }, believer(store.home));
  const nothing = found.entries.length + found.forged === 0 ? await nothingOf(store, query) : null;
  if (nothing !== null) throw nothing;
  return found;
}

export function report(terminal: Terminal, { entries, forged }: Found): string {
  return envelope(terminal, { messages: entries.map(messageJson), forged });
}
