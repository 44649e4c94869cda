import type { Waiting } from "../bus/exam.ts";
import { lasted, many } from "../core/counts.ts";
import { type Finding, note, ok, warning } from "../core/finding.ts";
import type { Check, Facts, SessionFacts } from "./facts.ts";

// A wake takes 0.7 s, and evidence is due 10 s after it.
const soonMs = 60_000;

const unseen: Check = (facts) => {
  if (facts.bus.state !== "read") return [];
  const { waiting } = facts.bus.exam;
  const fresh = waiting.filter((pile) => isOnItsWay(pile, facts));
  const found = waiting
    .filter((pile) => !fresh.includes(pile))
    .map((pile) => (pile.state === "queued" ? queued(pile, facts) : unproven(pile, facts)));
  if (found.length > 0) return found;
  const count = fresh.reduce((sum, pile) => sum + pile.count, 0);
  return [
    ok("mail.unseen", count === 0 ? "No message waits unseen" : `${many(count, "message")} on the way`),
  ];
};

function isOnItsWay(pile: Waiting, facts: Facts): boolean {
  return facts.now.at - pile.since < soonMs && holderOf(pile, facts) !== undefined;
}

function queued(pile: Waiting, facts: Facts): Finding {
  const id = "mail.unseen";
  const age = facts.now.at - pile.since;
  const holder = holderOf(pile, facts);
  const text = `${many(pile.count, "message")} for ${box(pile)} unread, the oldest for ${lasted(age)}`;
  if (holder === undefined)
    return note(
      id,
      `${text}: no session of that name runs`,
      `The first expires in ${lasted(pile.expiresAt - facts.now.at)}, and its sender is told. Start a session of that name to read it.`,
    );
  const doing = holder.session.condition?.activity?.state;
  if (doing === "blocked")
    return note(id, `${text}: it is held up by an open prompt`, "Answer the prompt in that session.");
  if (pile.low === pile.count) return note(id, `${text}; of low priority, which waits for a turn`);
  if (doing === "busy") return note(id, text);
  return warning(
    id,
    text,
    "Nothing has brought it yet: type anything in that session, or let it call inbox; then see its hooks and its reach above.",
  );
}

function unproven(pile: Waiting, facts: Facts): Finding {
  const id = "mail.unproven";
  const age = facts.now.at - pile.since;
  const text = `${many(pile.count, "message")} for ${box(pile)} handed over (${pile.path}) without a sign of having been seen, the oldest for ${lasted(age)}`;
  const doing = holderOf(pile, facts)?.session.condition?.activity?.state;
  // A long answer or an open dialog: the client shows it afterwards.
  if (doing === "busy" || doing === "blocked") return note(id, text);
  return warning(
    id,
    text,
    "It is offered again by another path. If that goes on, look at that session's terminal and its hooks.",
  );
}

function holderOf({ mailbox }: Waiting, { sessions }: Facts): SessionFacts | undefined {
  return sessions.find(({ session, standing }) => session.mailbox === mailbox && standing !== "gone");
}

function box({ name, project }: Waiting): string {
  return `"${name}"${project === null ? "" : ` (${project})`}`;
}

export const mail: readonly Check[] = [unseen];
