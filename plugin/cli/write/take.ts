import type { Claim } from "../../bus/bus.ts";
import type { Message, Offer, Session } from "../../core/model.ts";
import { personCheck } from "../../host/userkey.ts";
import { glance, receive } from "../../policy/receive.ts";
import type { Store } from "../store.ts";

// Between taking mail and having printed it lie milliseconds, unless whoever reads it is slow.
const printedMs = 5_000;

/** Takes mail of the person. Whoever has printed it says so (`seen`); without that it comes again. */
export async function take(
  store: Store,
  session: Session,
  claim: Pick<Claim, "limit" | "answering">,
): Promise<readonly Offer[]> {
  await giveBack(store, session);
  return receive(receiving(store, session), { path: "pull", ...claim });
}

/** The same without taking it. */
export async function peek(store: Store, session: Session, limit: number): Promise<readonly Message[]> {
  await giveBack(store, session);
  return glance(receiving(store, session), limit);
}

/** What a command took that was ended before it had printed it: no server looks after the person's mail. */
async function giveBack({ bus, clock }: Store, { id }: Session): Promise<void> {
  await bus.requeue(id, "pull", clock.now() - printedMs);
}

function receiving({ bus, clock, home }: Store, session: Session) {
  return { bus, clock, session, isPerson: personCheck(() => home.folder), log: () => {} };
}
