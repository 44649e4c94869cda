import type { Entry } from "../../bus/journal.ts";
import { isDmError } from "../../core/errors.ts";
import type { DeliveryState, Offer } from "../../core/model.ts";
import { type Terminal, Usage } from "../command.ts";
import { believer, sift } from "../read/believed.ts";
import type { Store } from "../store.ts";
import { oneOf } from "../suggest.ts";
import { durationOf } from "../terminal/times.ts";
import type { Speaker } from "./speaker.ts";
import { take } from "./take.ts";

const lookMs = 50;
const usualMs = 600_000;
const kinds = ["seen", "reply"] as const;

export interface Wish {
  readonly kind: (typeof kinds)[number];
  readonly timeoutMs: number;
}

export const waiting = {
  wait: {
    type: "string",
    short: "w",
    value: "FOR",
    about: "Until it is seen, or until the reply (prints it)",
  },
  timeout: { type: "string", value: "TIME", about: "How long at most (10m)" },
} as const;

export interface Waiting {
  readonly wait?: string;
  readonly timeout?: string;
}

/** @throws Usage */
export function wishOf({ wait, timeout }: Waiting, possible: readonly Wish["kind"][] = kinds): Wish | null {
  if (wait === undefined) {
    if (timeout !== undefined) throw new Usage("--timeout goes with --wait.");
    return null;
  }
  const kind = oneOf(possible, wait, "--wait");
  return { kind, timeoutMs: timeout === undefined ? usualMs : durationOf("--timeout", timeout) };
}

/** What came of waiting. */
export type Outcome =
  | { readonly kind: "seen" }
  | { readonly kind: "reply"; readonly message: Offer["message"]; readonly token: string | null }
  /** It will not be seen any more: expired, refused. */
  | { readonly kind: "lost"; readonly state: DeliveryState }
  | { readonly kind: "late" }
  /** The bus is gone, or cannot be read any more. */
  | { readonly kind: "blind"; readonly why: string }
  | { readonly kind: "interrupted" };

const lost: readonly DeliveryState[] = ["expired", "refused", "quarantined"];
const sights: readonly DeliveryState[] = ["seen", "replied"];

/**
 * Looks until a message has come as far as wished. What came of it is on the bus, whoever waits or not.
 *
 * @param interrupted the terminal's, asked for before anybody was told that it was sent.
 */
export async function awaitOutcome(
  terminal: Terminal,
  store: Store,
  speaker: Speaker,
  id: string,
  { kind, timeoutMs, interrupted }: Wish & { readonly interrupted: Promise<void> },
): Promise<Outcome> {
  const { bus, clock } = store;
  const stop = { now: false };
  const stopped = interrupted.then(() => {
    stop.now = true;
  });
  const started = { at: clock.now(), up: clock.up() };
  // Uptime comes in whole seconds, and the wall clock may be set: both have to agree.
  const isLate = () => clock.now() - started.at >= timeoutMs && clock.up() - started.up >= timeoutMs - 1_000;
  let told = false;

  async function look(): Promise<Outcome | null> {
    const [entry] = await bus.journal({ id, limit: 1 });
    const states = entry?.receipts.map(({ state }) => state) ?? [];
    const seen = states.length > 0 && states.every((state) => sights.includes(state));
    if (kind === "seen" && seen) return { kind: "seen" };
    const reply = kind === "reply" ? await replyTo(store, speaker, entry) : null;
    if (reply !== null) return reply;
    const state = states.find((one) => lost.includes(one));
    if (state !== undefined && states.every((one) => lost.includes(one) || sights.includes(one)))
      return { kind: "lost", state };
    if (kind === "reply" && seen && !told && terminal.screen) {
      terminal.err("Seen; waiting for the reply.\n");
      told = true;
    }
    return null;
  }

  for (let fresh = true; ; ) {
    if (stop.now) return { kind: "interrupted" };
    try {
      fresh = bus.changed() || fresh;
      const outcome = fresh ? await look() : null;
      if (outcome !== null) return outcome;
      fresh = false;
    } catch (error) {
      // It was sent, whatever happens to the bus now; one that is only busy is asked again.
      if (!isDmError(error)) throw error;
      if (error.code !== "bus_busy") return { kind: "blind", why: error.message };
    }
    if (isLate()) return { kind: "late" };
    await Promise.race([clock.sleep(lookMs), stopped]);
  }
}

/** A session's own model is given the reply as well; the person's is taken here. */
async function replyTo(store: Store, speaker: Speaker, entry: Entry | undefined): Promise<Outcome | null> {
  if (entry === undefined) return null;
  const { bus } = store;
  if (speaker.isPerson) {
    const [offer] = await take(store, speaker.session, { limit: 1, answering: entry.message.id });
    return offer === undefined ? null : { kind: "reply", message: offer.message, token: offer.token };
  }
  const { seq, id } = entry.message;
  const rows = (await bus.conversation({ seq, limit: 1000 })).filter(
    ({ message }) => message.inReplyTo === id && message.kind !== "notice",
  );
  const [reply] = sift(rows, believer(store.home)).entries.filter(({ message }) =>
    message.recipients.some(({ mailbox }) => mailbox === speaker.session.mailbox),
  );
  return reply === undefined ? null : { kind: "reply", message: reply.message, token: null };
}
