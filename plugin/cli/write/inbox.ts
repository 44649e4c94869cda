import { DmError } from "../../core/errors.ts";
import { frame } from "../../core/frame.ts";
import type { Message, Session } from "../../core/model.ts";
import { isGenuine } from "../../policy/trust.ts";
import { command, type Terminal } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { countOf } from "../terminal/when.ts";
import { runErrand } from "./errand.ts";
import { givenJson, letter } from "./letter.ts";
import { type Speaker, speaker } from "./speaker.ts";
import { noteRead, peek, take } from "./take.ts";

const usual = 20;
const most = 100;

export const inbox = command({
  details: `Sessions write to you with dm to "user"; what becomes of your own messages comes here too (expired, refused).
What is shown counts as read, and its sender's receipt says so; --peek leaves it unread. Read messages stay
in cc-dm log --to user. Inside a session's client it is that session's mail.
With --json a message has the same keys in both: message_id, kind, from, from_id, from_role, from_project, to,
sent_at, priority, message_type, thread_id, in_reply_to, repeat, content; left is how many stay unread. Only in
a session, content cannot pose as the client's own words.
Exit code: 0, also if there is none; 3 if the bus cannot be read; 77 it cannot be told who reads.`,
  operands: "",
  instead: "cc-dm log --from NAME shows mail of one sender.",
  options: {
    peek: { type: "boolean", about: "Leave them unread" },
    limit: { type: "string", short: "n", value: "N", about: `At most so many (${usual})` },
    json: { type: "boolean", about: "One JSON object instead of text" },
  },
  examples: [
    ["cc-dm inbox", "what is new"],
    ["cc-dm inbox --peek --json | jq '.messages | length'", "only look"],
  ],
  async run(terminal, { options }) {
    const limit = options.limit === undefined ? usual : countOf(options.limit, { option: "limit", most });
    const how = { peek: options.peek === true, limit };
    return withStore(terminal, async (store) => {
      const who = await speaker(terminal, store);
      const { session } = who;
      const { letters, tokens } = who.isPerson
        ? await own(store, session, how)
        : await ofSession(terminal, store, session, how);
      const unread = await store.bus.unread(session);
      const left = how.peek ? Math.max(0, unread - letters.length) : unread;
      const messages = letters.map(({ message, repeat }) => givenJson(message, who, repeat));
      terminal.out(
        options.json === true
          ? envelope(terminal, { of: session.name, messages, left })
          : textOf(terminal, who, letters),
      );
      await noteRead(terminal, store, session, tokens);
      if (left > 0 && options.json !== true) terminal.err(`cc-dm: ${left} more unread.\n`);
      return 0;
    });
  },
});

interface How {
  readonly peek: boolean;
  readonly limit: number;
}

interface Given {
  readonly message: Message;
  /** It may have been shown before. */
  readonly repeat: boolean;
}

interface Mail {
  readonly letters: readonly Given[];
  /** To be proved once it has been printed. */
  readonly tokens: readonly string[];
}

async function own(store: Store, session: Session, how: How): Promise<Mail> {
  const { limit } = how;
  if (how.peek)
    return {
      letters: (await peek(store, session, limit)).map((message) => ({ message, repeat: false })),
      tokens: [],
    };
  const offers = await take(store, session, { limit });
  return {
    letters: offers.map(({ message, offers: times }) => ({ message, repeat: times > 1 })),
    tokens: offers.map(({ token }) => token),
  };
}

/** Its server takes them, and tells which. */
async function ofSession(terminal: Terminal, store: Store, session: Session, how: How): Promise<Mail> {
  const { structuredContent, shown } = await runErrand(terminal, store, session, "inbox", { ...how });
  const { messages } = structuredContent as {
    readonly messages: readonly { readonly message_id: string; readonly repeat?: true }[];
  };
  const letters: Given[] = [];
  for (const { message_id: id, repeat = false } of messages) {
    const found = await store.bus.received(session.mailbox, id);
    if (found === null || !isGenuine(found.message))
      throw new DmError("unknown_message", `${id} was deleted or changed while it was read. Run it again.`);
    letters.push({ message: found.message, repeat });
  }
  return { letters, tokens: shown };
}

/** For a person; or framed for a model, which most likely reads what a session's shell prints. */
function textOf(terminal: Terminal, { isPerson }: Speaker, letters: readonly Given[]): string {
  if (letters.length === 0) return "Nothing new.\n";
  const now = terminal.clock.now();
  return isPerson
    ? letters.map(({ message, repeat }) => letter(message, now, terminal, repeat)).join("\n")
    : `${letters.map(frame).join("\n\n---\n\n")}\n`;
}
