import type { Bus, Overdue, Posting } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { EpochMs, Session } from "../core/model.ts";
import { excerpt, type NoticeParts, noticeTo } from "../policy/notice.ts";
import { outcomeOf } from "../policy/outcome.ts";
import type { Standing } from "../policy/presence.ts";
import { mostTries } from "./paths/pump.ts";
import { settle } from "./proof/evidence.ts";

export interface DutyParts extends NoticeParts {
  readonly bus: Bus;
  readonly ring: (to: Session) => void;
}

// Nothing tells whether such a client is busy.
const deafDueMs = 60_000;

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

/**
 * Expires what nobody read in time and tells its senders. One session of the bus does it: the lease decides.
 *
 * @returns false if something was due and another has the lease. It may have looked before that, or died: look again.
 */
export async function expireOverdue(parts: DutyParts): Promise<boolean> {
  const { bus, self } = parts;
  if (!(await bus.due())) return true;
  const overdue = await bus.overdue(self().id);
  for (const late of overdue) await bus.expire(late, noticeOf(parts, late));
  if (overdue.length === 0) return false;
  const told = new Set(overdue.map((late) => late.fromMailbox?.id));
  for (const other of await bus.roster()) if (told.has(other.mailbox)) parts.ring(other);
  return true;
}

function noticeOf(parts: DutyParts, { message, fromMailbox, to }: Overdue): Posting | null {
  if (message.kind === "notice" || fromMailbox === null) return null; // nobody is told of an unread notice
  return noticeTo(parts, fromMailbox, message, expiryText({ message, fromMailbox, to }));
}

function expiryText({ message, to }: Overdue): string {
  const list = (handed: boolean) => to.filter((one) => one.handed === handed).map((one) => one.name);
  return [
    `Your message ${message.id} expired after ${Math.round(message.ttlMs / 1000)} s.`,
    list(false).length > 0 ? `Never read by: ${list(false).join(", ")}.` : "",
    list(true).length > 0 ? `Handed over but never shown to have been seen: ${list(true).join(", ")}.` : "",
    `It said: ${excerpt(message)}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** Tells what this session's own senders asked to hear: seen, or idle again. @returns whether anything was told. */
export async function reportOutcomes(
  parts: DutyParts,
  standing: (session: Session) => Standing,
): Promise<boolean> {
  const { bus, self } = parts;
  const { mailbox, name, project } = self();
  let told = false;
  for (const watch of await bus.watches(mailbox)) {
    const gone = watch.receiver !== null && standing(watch.receiver) === "gone"; // killed, it said no goodbye
    const outcome = outcomeOf(gone ? { ...watch, receiver: null } : watch);
    if (outcome === null) continue;
    await bus.report(watch, noticeTo(parts, { id: mailbox, name, project }, watch.message, outcome));
    told = true;
  }
  return told;
}

/**
 * Looks after sessions that cannot: whose server died under a living client, the client does not start
 * it again. Its hook still brings mail; what its transcript shows as read is noted, what it does not
 * show is offered again.
 */
export async function lookAfterDeaf(
  { bus, clock, ring }: DutyParts,
  standing: (session: Session) => Standing,
): Promise<void> {
  for (const session of await bus.silentWithMail(deafDueMs)) {
    if (standing(session) !== "deaf") continue;
    await settle(bus, session.mailbox);
    // What its server handed over before it died, too: nobody else looks for that any more.
    for (const path of ["wake", "turn", "channel", "pull"] as const)
      await bus.requeue(session.id, path, clock.now() - deafDueMs);
    if ((await bus.pressing(session)).some((mail) => mail.tried < mostTries)) ring(session);
  }
}
