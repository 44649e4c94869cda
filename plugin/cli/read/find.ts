import type { Entry } from "../../bus/journal.ts";
import { dayOf } from "../../core/clock.ts";
import { DmError } from "../../core/errors.ts";
import { isIdPart, leastOfId } from "../../core/ids.ts";
import type { Session } from "../../core/model.ts";
import { Usage } from "../command.ts";
import type { Store } from "../store.ts";
import { cut } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { exactTime } from "../terminal/times.ts";
import { believer } from "./believed.ts";
import { toText } from "./entry.ts";
import { quoted } from "./sieve.ts";

const mostCandidates = 10;
// Many may begin like that, which is the time, and few of them be in one mailbox.
const mostLooked = 100;

/**
 * The message that somebody means by an id, or by the beginning or end of one: of all on record, or of those
 * in the mailbox of a session.
 *
 * @throws DmError `unknown_message`, `ambiguous_message`, `forged_message`
 */
export async function messageOf(store: Store, word: string, of: Session | null = null): Promise<Entry> {
  const given = word.trim();
  const named = isIdPart(given) ? await store.bus.journal({ id: given, limit: mostLooked }) : [];
  const found = of === null ? named : await inMailbox(store, of, named);
  const [only] = found;
  if (only === undefined) {
    const [which, where] =
      of === null
        ? ["on record", "cc-dm log shows the ids at the end of its lines."]
        : [`to "${line(of.name)}"`, "cc-dm inbox shows the ids; to write first: cc-dm send."];
    const way = given.length < leastOfId ? "A part of an id needs six characters or more." : where;
    throw new DmError("unknown_message", `No message ${which} is called ${quoted(given)}. ${way}`);
  }
  if (found.length > 1)
    throw new DmError(
      "ambiguous_message",
      `${found.length > mostCandidates ? `More than ${mostCandidates}` : found.length} messages are called ${quoted(given)}; use more of the id.`,
      {
        candidates: found.slice(0, mostCandidates).map(candidate),
      },
    );
  const entry = believer(store.home)(only);
  if (entry === null)
    throw new DmError(
      "forged_message",
      `${only.message.id} is not what its sender signed and is not shown: something writes to the bus past cc-dm.`,
    );
  return entry;
}

async function inMailbox({ bus }: Store, { mailbox }: Session, entries: readonly Entry[]) {
  const own: Entry[] = [];
  for (const entry of entries) if ((await bus.received(mailbox, entry.message.id)) !== null) own.push(entry);
  return own;
}

function candidate({ message }: Entry): string {
  const { id, sentAt, fromName, body } = message;
  return `${id}  ${dayOf(sentAt)} ${exactTime(sentAt)}  ${line(fromName)} → ${toText(message)}: ${cut(line(body.slice(0, 200)), 40)}`;
}

/** The one operand of a command that takes one. @throws Usage */
export function onlyOperand(operands: readonly string[], command: string, what: string): string {
  const [word, ...rest] = operands;
  if (word === undefined || word.trim() === "") throw new Usage(`cc-dm ${command} needs ${what}.`);
  if (rest.length > 0) throw new Usage(`cc-dm ${command} takes one ID; "${rest[0]}" is one too many.`);
  return word;
}
