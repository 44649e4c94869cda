import type { Claim } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Message, Offer, SessionId, UpMs } from "../core/model.ts";
import { faultOf, noSuchSender, notAsked, type Trusting } from "./trust.ts";

// A sender whose row was lost registers again at its next poll.
const rejoinMs = 1_000;
const backMs = 1_000;
// No prompt waits for that: a turn gives the mail back, until its sender was missing for so long.
const absentMs = 5_000;

/** Mail that a session's turns gave back for want of its sender. */
export interface Absent {
  /** By message, the uptime at which its sender was missed first; only what the last look gave back. */
  readonly since: Map<string, UpMs>;
  /** It waits for another look, and own commits are no news to the poll. */
  readonly again: () => void;
}

export interface Receiving extends Trusting {
  readonly clock: Clock;
  readonly log: Log;
  readonly patienceMs?: number;
  /** How many were taken, those that are set aside included. */
  readonly onClaim?: (count: number) => void;
  /** Of path `turn`. Without it a missing sender's mail is always left to somebody else's look. */
  readonly absent?: Absent;
}

type Wish = Pick<Claim, "path" | "limit" | "maxChars" | "strict" | "answering" | "unlessMutes">;

/**
 * Takes what waits for a session, oldest first, for one path. Only mail that its sender's key signed
 * and its rule allows comes out; a row written past us is set aside, counted and never shown.
 */
export async function receive(receiving: Receiving, claim: Wish): Promise<readonly Offer[]> {
  const { bus, session, patienceMs, onClaim } = receiving;
  const claimed = await bus.claim({ session, patienceMs, ...claim });
  onClaim?.(claimed.length);
  const inTurn = claim.path === "turn";
  try {
    return await sift(receiving, claimed, inTurn);
  } catch (error) {
    // Nobody is shown it: else the turn's next step, or what answers for the channel, proved it to be read.
    const back = giveBack(receiving, claimed).catch(() => {});
    await Promise.race([back, receiving.clock.sleep(patienceMs ?? backMs)]);
    receiving.absent?.again();
    throw error;
  }
}

async function sift(
  { clock, log, absent, ...trusting }: Receiving,
  claimed: readonly Offer[],
  inTurn: boolean,
): Promise<readonly Offer[]> {
  const { bus, session } = trusting;
  const good: Offer[] = [];
  const back: Offer[] = [];
  const behind = new Set<SessionId>();
  let waited = false;
  for (const offer of claimed) {
    let fault = await faultOf(trusting, offer.message, offer.addressed);
    if (fault === noSuchSender && !waited && !inTurn) {
      waited = true;
      await clock.sleep(rejoinMs);
      fault = await faultOf(trusting, offer.message, offer.addressed);
    }
    if (fault !== null) {
      // A rename of its own may have brought the mailbox, and what it once sent, into another meanwhile.
      const self = await bus.session(session.id);
      if (self !== null && self.mailbox !== session.mailbox)
        fault = await faultOf({ ...trusting, session: self }, offer.message, offer.addressed);
    }
    if (inTurn && fault === noSuchSender && !isOver(offer, absent, clock)) behind.add(offer.message.fromId);
    if (behind.has(offer.message.fromId) && (fault === null || fault === noSuchSender)) {
      back.push(offer); // what comes after it from the same sender, too: it may be there by now
      continue;
    }
    if (fault === null) {
      good.push(offer);
      continue;
    }
    if (fault === notAsked) {
      await bus.refuse(offer, fault, null);
      continue;
    }
    log("message_quarantined", { message_id: offer.message.id, fault });
    await bus.quarantine(offer, fault);
  }
  if (inTurn) {
    const kept = new Set(back.map((offer) => offer.message.id));
    for (const id of absent?.since.keys() ?? []) if (!kept.has(id)) absent?.since.delete(id);
  }
  if (back.length > 0) {
    await giveBack(trusting, back);
    absent?.again();
  }
  return good;
}

function giveBack({ bus, session }: Trusting, offers: readonly Offer[]): Promise<void> {
  return bus.giveBack(
    session.id,
    offers.map((offer) => offer.token),
  );
}

/** Whether a message's sender has been missing for too long; notes since when it is. */
function isOver({ message }: Offer, absent: Absent | undefined, clock: Clock): boolean {
  const since = absent?.since.get(message.id) ?? clock.up();
  absent?.since.set(message.id, since);
  return clock.up() - since >= absentMs;
}

/** Like `receive`, without taking anything. */
export async function glance(trusting: Trusting, limit: number): Promise<readonly Message[]> {
  const good: Message[] = [];
  for (const { message, addressed } of await trusting.bus.peek(trusting.session, limit)) {
    if ((await faultOf(trusting, message, addressed)) === null) good.push(message);
  }
  return good;
}
