import type { Entry } from "../../bus/journal.ts";
import { dayOf } from "../../core/clock.ts";
import { DmError } from "../../core/errors.ts";
import { Usage } from "../command.ts";
import type { Store } from "../store.ts";
import { cut } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { exactTime } from "../terminal/times.ts";
import { believer } from "./believed.ts";
import { toText } from "./entry.ts";
import { quoted } from "./sieve.ts";

const leastOfId = 6;
const mostCandidates = 10;

/** Whether a word can be a message's id, or a part of one as it is shown. */
export function isIdPart(word: string): boolean {
  return word.length >= leastOfId && /^[0-9a-hjkmnp-tv-z]{6,26}$/i.test(word);
}

/**
 * The message that a person means by an id, or by the beginning or end of one.
 *
 * @throws DmError `unknown_message`, `ambiguous_message`, `forged_message`
 */
export async function messageOf(store: Store, word: string): Promise<Entry> {
  const given = word.trim();
  const found = isIdPart(given) ? await store.bus.journal({ id: given, limit: mostCandidates + 1 }) : [];
  const [only] = found;
  if (only === undefined) {
    const way =
      given.length < leastOfId
        ? ` A part of an id needs ${leastOfId} characters.`
        : " cc-dm log shows the ids at the end of its lines.";
    throw new DmError("unknown_message", `No message on record is called ${quoted(given)}.${way}`);
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
