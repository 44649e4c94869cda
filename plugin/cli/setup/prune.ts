import type { Erased, Erasing } from "../../bus/erase.ts";
import { many, size, someOf } from "../../core/counts.ts";
import { DmError } from "../../core/errors.ts";
import { sizeOf } from "../../host/space.ts";
import { command, Refused, type Terminal, Usage } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { agrees } from "../terminal/ask.ts";
import { envelope } from "../terminal/envelope.ts";
import { line } from "../terminal/plain.ts";
import { spanOf } from "../terminal/times.ts";
import { voiceOf } from "../voice.ts";

const notDone = 1;

export const prune = command({
  details: `Messages that were read, sessions that are closed, permission requests that are settled and the record of them. What waits unread stays unless you say --unread, and then its senders are not told. A message that is deleted can no longer be answered. Running sessions go on.
It says what it will delete and asks; without a terminal it needs --yes. Without any of this, sessions delete what is older than CC_DM_HISTORY_DAYS by themselves. A session's shell may not run it.
Exit code: 0 also if there was nothing to delete, 1 you said no, 2 wrong usage, 3 the bus cannot be used, 77 refused.`,
  operands: "",
  options: {
    "older-than": { type: "string", value: "TIME", about: "What is older than that: 12h, 3d, 2w" },
    all: { type: "boolean", about: "Whatever its age" },
    unread: { type: "boolean", about: "Mail that nobody has seen too" },
    "dry-run": { type: "boolean", short: "n", about: "Only say what it would delete" },
    yes: { type: "boolean", short: "y", about: "Do not ask" },
    json: { type: "boolean", about: "One JSON object instead of text" },
  },
  examples: [
    ["cc-dm prune --older-than 3d", "what is older than three days"],
    ["cc-dm prune --all --dry-run", "how much there is"],
  ],
  run(terminal, { options }) {
    const of = erasingOf(options["older-than"], options);
    const wish = {
      of,
      dry: options["dry-run"] === true,
      yes: options.yes === true,
      forScript: options.json === true,
    };
    return withStore(terminal, (store) => erase(terminal, store, wish));
  },
});

function erasingOf(
  olderThan: string | undefined,
  { all = false, unread = false }: { readonly all?: boolean; readonly unread?: boolean },
): Erasing {
  if (all === (olderThan !== undefined))
    throw new Usage("prune needs --older-than TIME, or --all, and not both.");
  if (olderThan === undefined) return { olderThanMs: null, unread };
  const olderThanMs = spanOf(olderThan);
  if (olderThanMs === null)
    throw new Usage(`--older-than is "${olderThan}"; it takes a time such as 12h, 3d or 2w.`);
  return { olderThanMs, unread };
}

interface Wish {
  readonly of: Erasing;
  readonly dry: boolean;
  readonly yes: boolean;
  readonly forScript: boolean;
}

async function erase(terminal: Terminal, store: Store, { of, dry, yes, forScript }: Wish): Promise<number> {
  const { bus, home } = store;
  if (!dry) await refuseSessions(terminal, store);
  const tell = (done: Erased, more: Record<string, unknown> = {}) =>
    envelope(terminal, { dry_run: dry, ...asJson(done), ...more });
  const would = await bus.erasable(of);
  if (dry || isNothing(would)) {
    const said = isNothing(would) ? "There is nothing to delete.\n" : `Would delete ${text(would)}.\n`;
    terminal.out(forScript ? tell(would) : said);
    return 0;
  }
  if (!yes && !agreed(terminal, would, home.bus)) {
    terminal.err("cc-dm: Nothing was deleted.\n");
    return notDone;
  }
  const before = bytesOf(home.bus);
  const erased = await bus.erase(of);
  const compacted = await bus.compact(of.olderThanMs === null);
  const after = bytesOf(home.bus);
  const file = compacted ? ` The file has ${size(after)} now, and had ${size(before)}.` : "";
  const more = { compacted, bytes_before: before, bytes_after: after };
  terminal.out(forScript ? tell(erased, more) : `Deleted ${text(erased)}.${file}\n`);
  return 0;
}

/** A session must not erase what its person looks back on. */
async function refuseSessions({ env, pid }: Terminal, { bus, place }: Store): Promise<void> {
  const voice = await voiceOf({ bus, place, env, pid });
  if (voice.kind === "person") return;
  const why =
    voice.kind === "session" ? `the session "${line(voice.session.name)}" runs this` : line(voice.why);
  throw new Refused(
    `only you delete your history, and ${why}. Nothing was deleted; run it in a terminal that no session opened.`,
  );
}

function agreed(terminal: Terminal, would: Erased, bus: string): boolean {
  if (terminal.keyboard) return agrees(terminal, `Delete ${text(would)} from ${line(bus)}, for good?`);
  throw new DmError(
    "not_agreed",
    `prune would delete ${text(would)}. Without a terminal to ask at it needs --yes. Nothing was deleted.`,
  );
}

function bytesOf(bus: string): number {
  return sizeOf(bus) + sizeOf(`${bus}-wal`);
}

function isNothing({ messages, sessions, requests, audits }: Erased): boolean {
  return messages + sessions + requests + audits === 0;
}

function text({ messages, unread, sessions, requests, audits }: Erased): string {
  const parts = [
    ...(messages > 0 ? [`${many(messages, "message")}${unread > 0 ? ` (${unread} unread)` : ""}`] : []),
    ...(sessions > 0 ? [many(sessions, "closed session")] : []),
    ...(requests > 0 ? [many(requests, "settled request")] : []),
    ...(audits > 0 ? [`${audits} line${audits === 1 ? "" : "s"} of the audit`] : []),
  ];
  return parts.length === 0 ? "nothing" : someOf(parts);
}

function asJson({ messages, unread, sessions, requests, audits }: Erased) {
  return { messages, unread, sessions, requests, audit_entries: audits };
}
