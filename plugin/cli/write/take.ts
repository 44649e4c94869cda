import type { Claim } from "../../bus/bus.ts";
import { isDmError } from "../../core/errors.ts";
import type { Message, Offer, Session } from "../../core/model.ts";
import { personCheck } from "../../host/userkey.ts";
import { glance, receive } from "../../policy/receive.ts";
import type { Terminal } from "../command.ts";
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

/** Once it has been printed, and what was printed was taken. What cannot be noted is shown again. */
export async function noteRead(
  terminal: Terminal,
  { bus }: Store,
  { id }: Session,
  tokens: readonly string[],
): Promise<void> {
  if (tokens.length === 0 || !(await terminal.written())) return;
  try {
    await bus.seen(id, tokens, "read");
  } catch (error) {
    if (!isDmError(error)) throw error;
    terminal.err(
      `cc-dm: that you read this could not be noted, and it will be shown again: ${error.message}\n`,
    );
  }
}

function receiving({ bus, clock, home }: Store, session: Session) {
  return { bus, clock, session, isPerson: personCheck(() => home.folder), log: () => {} };
}
