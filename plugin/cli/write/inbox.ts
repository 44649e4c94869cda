import { iso } from "../../core/clock.ts";
import type { Message } from "../../core/model.ts";
import { command, type Terminal, Usage } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { json } from "../terminal/plain.ts";
import { countOf } from "../terminal/when.ts";
import { runErrand } from "./errand.ts";
import { letter, letterJson } from "./letter.ts";
import { type Speaker, speaker } from "./speaker.ts";
import { noteRead, peek, take } from "./take.ts";

const usual = 20;
const most = 100;

export const inbox = command({
  details: `Sessions write to you with dm to "user"; what becomes of your own messages comes here too (expired, refused).
What is shown counts as read, and its sender's receipt says so; --peek leaves it unread. Read messages stay
in cc-dm log --to user. Inside a session's client it is that session's mail.
Exit code: 0, also if there is none; 3 if the bus cannot be read; 77 it cannot be told who reads.`,
  operands: "",
  options: {
    peek: { type: "boolean", about: "Leave them unread" },
    limit: { type: "string", short: "n", value: "N", about: `At most so many (${usual})` },
    json: { type: "boolean", about: "One JSON object instead of text" },
  },
  examples: [
    ["cc-dm inbox", "what is new"],
    ["cc-dm inbox --peek --json | jq '.messages | length'", "only look"],
  ],
  async run(terminal, { options, operands }) {
    if (operands.length > 0)
      throw new Usage(
        `inbox takes no "${operands[0]?.slice(0, 40)}"; cc-dm log --from NAME shows mail of one sender.`,
      );
    const limit = options.limit === undefined ? usual : countOf(options.limit, { option: "limit", most });
    return withStore(terminal, async (store) => {
      const who = await speaker(terminal, store);
      const { messages, text, tokens, left } = who.isPerson
        ? await own(terminal, store, who, { peek: options.peek === true, limit })
        : await ofSession(terminal, store, who, { peek: options.peek === true, limit });
      if (options.json === true)
        terminal.out(
          `${json({ cc_dm: terminal.version, at: iso(terminal.clock.now()), of: who.session.name, messages, left })}\n`,
        );
      else terminal.out(text);
      await noteRead(terminal, store, who.session, tokens);
      if (left > 0 && options.json !== true)
        terminal.err(`cc-dm: ${left} more ${options.peek === true ? "in all" : "unread"}.\n`);
      return 0;
    });
  },
});

interface How {
  readonly peek: boolean;
  readonly limit: number;
}

interface Mail {
  readonly messages: readonly unknown[];
  readonly text: string;
  /** To be proved once it has been printed. */
  readonly tokens: readonly string[];
  readonly left: number;
}

async function own(terminal: Terminal, store: Store, { session }: Speaker, how: How): Promise<Mail> {
  const { bus, clock } = store;
  const mail: readonly { message: Message; repeat: boolean; token: string | null }[] = how.peek
    ? (await peek(store, session, how.limit)).map((message) => ({ message, repeat: false, token: null }))
    : (await take(store, session, { limit: how.limit })).map(({ message, offers, token }) => ({
        message,
        repeat: offers > 1,
        token,
      }));
  const now = clock.now();
  return {
    messages: mail.map(({ message, repeat }) => letterJson(message, repeat)),
    text:
      mail.length === 0
        ? "Nothing new.\n"
        : mail.map(({ message, repeat }) => letter(message, now, terminal, repeat)).join("\n"),
    tokens: mail.flatMap(({ token }) => token ?? []),
    left: how.peek ? Math.max(0, (await bus.unread(session)) - mail.length) : await bus.unread(session),
  };
}

/** As its own tool shows it, framed for a model: most likely one reads it. */
async function ofSession(terminal: Terminal, store: Store, { session }: Speaker, how: How): Promise<Mail> {
  const { structuredContent, shown } = await runErrand(terminal, store, session, "inbox", { ...how });
  const { messages, left = 0 } = structuredContent as {
    readonly messages: readonly { readonly content: string }[];
    readonly left?: number;
  };
  return {
    messages,
    text:
      messages.length === 0
        ? "Nothing new.\n"
        : `${messages.map(({ content }) => content).join("\n\n---\n\n")}\n`,
    tokens: shown,
    left,
  };
}
