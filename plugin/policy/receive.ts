import type { Bus } from "../bus/bus.ts";
import type { Log } from "../core/log.ts";
import type { Message, Offer, Path, Session } from "../core/model.ts";
import { faultOf } from "./trust.ts";

export interface Receiving {
  readonly bus: Bus;
  readonly session: Session;
  readonly log: Log;
  readonly patienceMs?: number;
}

export interface Taken {
  readonly offers: readonly Offer[];
  /** The limit was reached: more may wait. */
  readonly more: boolean;
}

/**
 * Takes what waits for a session, oldest first, for one path. Only mail that its sender's key signed
 * and its rule allows comes out; a row written past us is set aside, counted and never shown.
 */
export async function receive(
  { bus, session, log, patienceMs }: Receiving,
  path: Path,
  limit: number,
): Promise<Taken> {
  const good: Offer[] = [];
  const claimed = await bus.claim({ session, path, limit, patienceMs });
  for (const offer of claimed) {
    const fault = await faultOf(bus, session, offer.message, offer.addressed);
    if (fault === null) {
      good.push(offer);
      continue;
    }
    log("message_quarantined", { message_id: offer.message.id, fault });
    await bus.reject(offer, "quarantined", fault);
  }
  return { offers: good, more: claimed.length === limit };
}

/** Like `receive`, without taking anything. */
export async function glance(
  { bus, session }: Omit<Receiving, "log">,
  limit: number,
): Promise<readonly Message[]> {
  const good: Message[] = [];
  for (const { message, addressed } of await bus.peek(session, limit)) {
    if ((await faultOf(bus, session, message, addressed)) === null) good.push(message);
  }
  return good;
}

/** `receive` until `most` messages or about `maxChars` characters are taken; the rest stays unread. */
export async function receiveUpTo(
  parts: Receiving,
  path: Path,
  { most, maxChars }: { most: number; maxChars: number },
): Promise<readonly Offer[]> {
  const taken: Offer[] = [];
  for (let chars = 0, more = true; more && taken.length < most && chars < maxChars; ) {
    const next = await receive(parts, path, 1);
    taken.push(...next.offers);
    more = next.more;
    for (const offer of next.offers) chars += offer.message.body.length;
  }
  return taken;
}
