import { DmError } from "../../core/errors.ts";
import { command, Usage } from "../command.ts";
import { quoted } from "../read/sieve.ts";
import { type Store, withStore } from "../store.ts";
import { draftOf, marks } from "./draft.ts";
import { tellSent } from "./saying.ts";
import { type Speaker, speaker } from "./speaker.ts";
import { textOf } from "./text.ts";
import { waiting, wishOf } from "./wait.ts";

const { thread: _, ...options } = marks;
const wholeId = 26;

export const reply = command({
  name: "reply",
  summary: "Answer a message that was sent to you",
  details: `ID is the message's id, or six characters or more of either end of it (cc-dm inbox, cc-dm log --to user).
The answer keeps the thread. Without TEXT, or with "-", the text comes from stdin.
Exit code: as of cc-dm send.`,
  operands: "ID [TEXT...]",
  options: { ...options, ...waiting, json: { type: "boolean", about: "One JSON object instead of text" } },
  examples: [
    ['cc-dm reply 6NHNJX "yes, port 8081"', "the end of an id will do"],
    ["cc-dm reply 6NHNJX --file plan.md --wait seen", "with a file's text"],
  ],
  async run(terminal, { options: given, operands: [id, ...words] }) {
    if (id === undefined) throw new Usage("reply needs the message's ID and a text; cc-dm inbox shows them.");
    const wish = wishOf(given);
    const draft = draftOf("", given);
    const content = await textOf(terminal, { words, file: given.file });
    return withStore(terminal, async (store) => {
      const from = await speaker(terminal, store);
      const sent = await from.reply(await messageId(store, from, id), { ...draft, content });
      return tellSent(terminal, store, from, sent, { content, wish, forScript: given.json === true });
    });
  },
});

/** Of the messages that the speaker received the one of which this is a part. */
async function messageId({ bus }: Store, { session }: Speaker, word: string): Promise<string> {
  const id = word.trim().toUpperCase();
  if (id.length < 6) throw new DmError("unknown_message", "Give six characters or more of the message's id.");
  const found =
    id.length > wholeId ? [] : (await bus.journal({ id, limit: 20 })).map(({ message }) => message);
  const received = [];
  for (const message of found) {
    if ((await bus.received(session.mailbox, message.id)) !== null) received.push(message);
  }
  const [only, ...others] = received;
  if (only === undefined)
    throw new DmError(
      "unknown_message",
      `No message to "${session.name}" is called ${quoted(word)}. cc-dm inbox and cc-dm log --to ${session.name} show the ids; to write first: cc-dm send.`,
    );
  if (others.length > 0)
    throw new DmError(
      "ambiguous_message",
      `${received.length} messages to "${session.name}" have ids like that; give more of it.`,
      {
        candidates: received.map((one) => `${one.id} of ${one.fromName}`),
      },
    );
  return only.id;
}
