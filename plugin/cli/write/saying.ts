import { neutralise } from "../../core/neutral.ts";
import { answerIn } from "../../core/permission.ts";
import type { Sent } from "../../policy/post.ts";
import { interruptedExit, type Terminal } from "../command.ts";
import type { Store } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { paint, wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { brief } from "../terminal/times.ts";
import { givenJson, heading, letter } from "./letter.ts";
import type { Speaker } from "./speaker.ts";
import { noteRead } from "./take.ts";
import { awaitOutcome, type Outcome, type Wish } from "./wait.ts";

const notDone = 1;

export interface Saying {
  readonly content: string;
  readonly wish: Wish | null;
  readonly forScript: boolean;
}

/**
 * Says that a message was sent, waits if that was wished, and says what came of it. @returns the exit
 * code: 0 sent (and seen, or answered), 1 what was waited for did not come.
 */
export async function tellSent(
  terminal: Terminal,
  store: Store,
  speaker: Speaker,
  sent: Sent,
  { content, wish, forScript }: Saying,
): Promise<number> {
  const note = [sent.note, verdictNote(content)].filter(Boolean).join(" ");
  // First: whoever reads that it was sent may press Ctrl-C at once.
  const interrupted = wish === null ? null : terminal.interrupted();
  if (!forScript) {
    const out = wish === null ? terminal.out : terminal.err; // stdout is for the reply
    out(`${paint(terminal, "green", "Sent")} to ${receiversOf(sent)} · ${sent.message_id}\n`);
    for (const { name, why } of sent.skipped ?? []) terminal.err(`Not to ${line(name)}: ${why}.\n`);
    for (const text of wrap(note, terminal.columns)) if (text !== "") terminal.err(`${text}\n`);
  }
  const outcome =
    wish === null || interrupted === null
      ? null
      : await awaitOutcome(terminal, store, speaker, sent.message_id, { ...wish, interrupted });
  if (forScript) {
    const { recipients, skipped = [] } = sent;
    const from = speaker.session.name;
    const came = outcome === null ? {} : outcomeJson(outcome, speaker);
    const said = { message_id: sent.message_id, from, recipients, skipped, note: note || null };
    terminal.out(envelope(terminal, { ...said, ...came }));
  } else if (outcome !== null && wish !== null) tell(terminal, sent, outcome, { ...wish, speaker });
  if (outcome?.kind === "reply" && outcome.token !== null)
    await noteRead(terminal, store, speaker.session, [outcome.token]);
  if (outcome === null || outcome.kind === "seen" || outcome.kind === "reply") return 0;
  return outcome.kind === "interrupted" ? interruptedExit : notDone;
}

function tell(
  terminal: Terminal,
  { message_id }: Sent,
  outcome: Outcome,
  { kind, timeoutMs, speaker }: Wish & { readonly speaker: Speaker },
): void {
  const rest = `It stays sent; cc-dm receipts ${message_id} tells how far it came${kind === "reply" ? ", and cc-dm inbox has a reply that comes later" : ""}.`;
  const { out, err } = terminal;
  switch (outcome.kind) {
    case "seen":
      out("Seen.\n");
      break;
    case "reply":
      // In a script of the person's `$(…)` is the answer. A model is told in whose words it reads.
      if (terminal.screen || !speaker.isPerson) out(letter(outcome.message, terminal.clock.now(), terminal));
      else {
        err(heading(outcome.message, terminal.clock.now(), terminal));
        out(`${neutralise(outcome.message.body)}\n`);
      }
      break;
    case "lost":
      err(`cc-dm: it was not read: ${outcome.state}.\n`);
      break;
    case "late":
      err(`cc-dm: ${kind === "seen" ? "not seen" : "no reply"} within ${brief(timeoutMs)}. ${rest}\n`);
      break;
    case "interrupted":
      err(`cc-dm: waiting was broken off. ${rest}\n`);
      break;
    case "blind":
      err(`cc-dm: it was sent, and what became of it cannot be told: ${outcome.why}\n`);
  }
}

function outcomeJson(outcome: Outcome, speaker: Speaker) {
  return outcome.kind === "reply"
    ? { outcome: "reply", reply: givenJson(outcome.message, speaker) }
    : { outcome: outcome.kind === "lost" ? outcome.state : outcome.kind };
}

const mostNames = 12;

function receiversOf({ recipients }: Sent): string {
  const names = recipients.map(({ name, presence }) =>
    presence === undefined ? line(name) : `${line(name)} (${presence})`,
  );
  const more = names.length - mostNames;
  return more > 0 ? `${names.slice(0, mostNames).join(", ")} and ${more} more` : names.join(", ");
}

/** `yes abcde` to a session is a text like any other. */
function verdictNote(content: string): string {
  const answer = answerIn(content);
  if (answer === null) return "";
  const verb = answer.behavior === "allow" ? "approve" : "deny";
  return `As a message this decides nothing; to answer a permission request: cc-dm ${verb} ${answer.letters}`;
}
