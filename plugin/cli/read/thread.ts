import type { Entry } from "../../bus/journal.ts";
import { DmError } from "../../core/errors.ts";
import { isIdPart } from "../../core/ids.ts";
import type { EpochMs } from "../../core/model.ts";
import { command, type Terminal } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import type { Paper } from "../terminal/paper.ts";
import { believer, type Found, forgedText, sift } from "./believed.ts";
import { dayLine, heading, inOneLine, messageJson, wholeText } from "./entry.ts";
import { messageOf, onlyOperand } from "./find.ts";
import { quoted, threadsLike } from "./sieve.ts";
import { type Branch, branches } from "./tree.ts";

const most = 1_000;

export const thread = command({
  details: `ID is a thread's, or that of any message in it (its last letters do, as cc-dm log shows them). What a message answers and what answers it belong to it, with or without a thread's id.
Exit code: 0; 3 if the bus cannot be read, or there is no such thread or message.`,
  operands: "ID",
  options: {
    json: { type: "boolean", about: "One JSON object; depth tells how far an answer is from the first" },
  },
  examples: [
    ["cc-dm thread login-redesign", "by the thread's id"],
    ["cc-dm thread K3M9QX7B", "by a message in it"],
  ],
  async run(terminal, { options, operands }) {
    const word = onlyOperand(operands, "thread", "a thread's ID, or a message's");
    const { entries, forged } = await withStore(terminal, (store) => conversationOf(store, word));
    const all = branches(entries);
    if (options.json === true) {
      const messages = all.map(({ entry, depth }) => ({ ...messageJson(entry), depth }));
      terminal.out(envelope(terminal, { messages, forged }));
    } else
      terminal.out(terminal.screen ? page(all, terminal) : all.map(({ entry }) => inOneLine(entry)).join(""));
    if (forged > 0) terminal.err(`cc-dm: ${forgedText(forged)}\n`);
    if (entries.length + forged >= most)
      terminal.err(`cc-dm: the last ${most}; it may be longer. cc-dm export has all.\n`);
    return 0;
  },
});

/** @throws DmError `unknown_thread`, and as `messageOf`. */
async function conversationOf(store: Store, word: string): Promise<Found> {
  const believe = believer(store.home);
  const byThread = sift(await store.bus.conversation({ threadId: word, limit: most }), believe);
  if (byThread.entries.length > 0) return byThread;
  if (!isIdPart(word))
    throw new DmError(
      "unknown_thread",
      `No thread or message on record is called ${quoted(word)}.${await threadsLike(store, word)}`,
    );
  const { message } = await messageOf(store, word);
  const threadId = message.threadId ?? undefined;
  return sift(await store.bus.conversation({ seq: message.seq, threadId, limit: most }), believe);
}

const step = "  ";

function page(all: readonly Branch[], terminal: Terminal): string {
  // Deep in, there must still be room to read.
  const deepest = Math.max(0, Math.floor((terminal.columns - 36) / (2 * step.length)));
  let day: EpochMs | null = null;
  return all
    .map(({ entry, depth }) => {
      const begun = dayLine(entry.message.sentAt, day ?? terminal.clock.now(), terminal);
      day = entry.message.sentAt;
      return `${begun === null ? "" : `${begun}\n`}${block(entry, Math.min(depth, deepest), terminal)}`;
    })
    .join("\n");
}

function block(entry: Entry, depth: number, { columns, colour }: Paper): string {
  const front = step.repeat(depth);
  const paper = { columns: columns - front.length, colour };
  return [...heading(entry, paper), ...wholeText(entry.message, paper)]
    .map((text) => `${`${front}${text}`.trimEnd()}\n`)
    .join("");
}
