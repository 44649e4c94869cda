import type { Claim } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Message, Offer } from "../core/model.ts";
import { faultOf, noSuchSender, notAsked, type Trusting } from "./trust.ts";

const rejoinMs = 1_000;
const backMs = 1_000;

export interface Receiving extends Trusting {
  readonly clock: Clock;
  readonly log: Log;
  readonly patienceMs?: number;
  /** How many were taken, those that are set aside included. */
  readonly onClaim?: (count: number) => void;
}

/**
 * Takes what waits for a session, oldest first, for one path. Only mail that its sender's key signed
 * and its rule allows comes out; a row written past us is set aside, counted and never shown.
 */
export async function receive(
  { clock, log, patienceMs, onClaim, ...trusting }: Receiving,
  claim: Pick<Claim, "path" | "limit" | "maxChars" | "strict" | "answering" | "unlessMutes">,
): Promise<readonly Offer[]> {
  const { bus, session } = trusting;
  const claimed = await bus.claim({ session, patienceMs, ...claim });
  onClaim?.(claimed.length);
  try {
    return await sift({ clock, log, ...trusting }, claimed, claim.path);
  } catch (error) {
    // Nobody is shown it: else the turn's next step, or what answers for the channel, proved it to be read.
    const back = bus.requeue(session.id, claim.path, Number.MAX_SAFE_INTEGER).catch(() => {});
    await Promise.race([back, clock.sleep(patienceMs ?? backMs)]);
    throw error;
  }
}

async function sift(
  { clock, log, ...trusting }: Omit<Receiving, "patienceMs" | "onClaim">,
  claimed: readonly Offer[],
  path: Claim["path"],
): Promise<readonly Offer[]> {
  const { bus, session } = trusting;
  const good: Offer[] = [];
  let waited = false;
  for (const offer of claimed) {
    let fault = await faultOf(trusting, offer.message, offer.addressed);
    if (fault === noSuchSender && !waited && path !== "turn") {
      // A sender whose row was lost registers again at its next poll. (No prompt waits for that.)
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
  return good;
}

/** Like `receive`, without taking anything. */
export async function glance(trusting: Trusting, limit: number): Promise<readonly Message[]> {
  const good: Message[] = [];
  for (const { message, addressed } of await trusting.bus.peek(trusting.session, limit)) {
    if ((await faultOf(trusting, message, addressed)) === null) good.push(message);
  }
  return good;
}
