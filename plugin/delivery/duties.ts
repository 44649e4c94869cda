import type { Bus, Overdue } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import { type Keys, signedText } from "../core/keys.ts";
import type { EpochMs, Letter, Session } from "../core/model.ts";

const dayMs = 86_400_000;

export interface DutyParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly newId: (now: number) => string;
  readonly session: () => Session;
  readonly historyDays: number;
  readonly ring: (to: Session) => void;
}

// Uptime comes in whole seconds, and both clocks must agree.
const slackMs = 1_000;

/** The first moment at which something this session sent may expire; it watches over its own. */
export function soonest(clock: Clock): { note: (at: EpochMs) => void; passed: () => boolean } {
  let at = Number.POSITIVE_INFINITY;
  return {
    note(moment) {
      at = Math.min(at, moment + slackMs);
    },
    passed() {
      if (clock.now() < at) return false;
      at = Number.POSITIVE_INFINITY; // later ones are found by the regular look
      return true;
    },
  };
}

/** Expires what nobody read in time and tells its senders. One session of the bus does it: the lease decides. */
export async function expireOverdue(parts: DutyParts): Promise<void> {
  const { bus, session } = parts;
  if (!(await bus.due())) return;
  const overdue = await bus.overdue(session().id);
  for (const late of overdue) await bus.expire(late, noticeOf(parts, late));
  if (overdue.length === 0) return;
  const told = new Set(overdue.map((late) => late.fromMailbox?.id));
  for (const other of await bus.roster()) if (told.has(other.mailbox)) parts.ring(other);
}

function noticeOf(
  { clock, keys, newId, session, historyDays }: DutyParts,
  { message, fromMailbox, to }: Overdue,
) {
  if (message.kind === "notice" || fromMailbox === null) return null; // nobody is told of an unread notice
  const self = session();
  const now = clock.now();
  const letter: Letter = {
    id: newId(now),
    kind: "notice",
    fromId: self.id,
    fromName: "cc-dm",
    fromRole: "notice",
    fromProject: null,
    recipients: [{ mailbox: fromMailbox.id, name: fromMailbox.name, project: fromMailbox.project }],
    body: expiryText({ message, fromMailbox, to }),
    priority: null,
    type: null,
    threadId: message.threadId,
    inReplyTo: message.id,
    hops: 0,
    rule: "notice",
    sentAt: now,
    ttlMs: historyDays * dayMs,
  };
  return {
    letter,
    publicKey: keys.publicKey,
    signature: keys.sign(signedText(letter)),
    fromMailbox: self.mailbox,
    mailboxLimit: Number.MAX_SAFE_INTEGER, // a full mailbox must not swallow the news of a loss
  };
}

function expiryText({ message, to }: Overdue): string {
  const list = (handed: boolean) => to.filter((one) => one.handed === handed).map((one) => one.name);
  const excerpt = message.body.length > 200 ? `${[...message.body].slice(0, 200).join("")}…` : message.body;
  return [
    `Your message ${message.id} expired after ${Math.round(message.ttlMs / 1000)} s.`,
    list(false).length > 0 ? `Never read by: ${list(false).join(", ")}.` : "",
    list(true).length > 0 ? `Handed over but never shown to have been seen: ${list(true).join(", ")}.` : "",
    `It said: ${excerpt}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}
