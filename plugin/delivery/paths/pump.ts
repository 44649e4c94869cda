import type { Bus, Pressing } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { EpochMs, Offer, Session } from "../../core/model.ts";
import type { wakePace } from "../../host/wake.ts";
import { mayWake } from "../../policy/loop.ts";
import { receive } from "../../policy/receive.ts";
import type { IsPerson } from "../../policy/trust.ts";
import type { Waker } from "./waker.ts";

// Without a pause a burst of rings makes a look each, and throughput halves.
const pauseMs = 2;
const batch = 100;

/** After so many hand-overs without evidence a message starts no more turns; it comes along with the next. */
export const mostTries = 3;
// In a turn its hooks bring mail without a wake. They may be mistaken about there being one, or not get
// a chance for long; a wake then does no harm, it comes with the running tool's result.
const turnMs = 30_000;

export interface PumpParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly waker: Waker;
  readonly session: () => Session;
  readonly isPerson: IsPerson;
  readonly channel: {
    /** Whether events can be pushed now: initialized, wanted, and not found to be dropped. */
    ready(): boolean;
    push(offers: readonly Offer[]): Promise<void>;
  };
  /** Since when a turn is running whose hooks will bring mail; null: none is, or they cannot. */
  readonly inTurn: () => EpochMs | null;
  /** Nothing may start a turn now. */
  readonly quiet: () => boolean;
  readonly replyLimit: number;
  readonly wake: {
    /** Whether the client watches its wake file. */
    ready(): boolean;
    touch(): void;
    readonly pace: ReturnType<typeof wakePace>;
  };
  /** After every look: whether it found mail that nobody was told of before. */
  readonly looked: (found: boolean) => void;
  readonly signal: AbortSignal;
}

export interface Pump {
  /** Ends when the signal aborts. */
  run(): Promise<void>;
  /** Since when the client has been asked to fetch mail and has not; null: nothing is asked of it. */
  unanswered(): EpochMs | null;
  /** Whether mail waits that only time brings on (held back, or not yet fetched by the client). */
  held(): boolean;
}

/**
 * The one loop that hands mail over: sequential, so it cannot overlap itself. It takes the best path
 * that works for this client now; what no path takes waits for `inbox`.
 */
export function pump(parts: PumpParts): Pump {
  const { waker, clock, log, signal } = parts;
  let held = false;
  let asked: EpochMs | null = null;

  async function look(): Promise<boolean> {
    const found = await next(parts);
    if (found === "touched") asked ??= clock.now();
    else if (found !== "asked") asked = null;
    parts.looked(found === "handed" || found === "touched");
    return found !== "handed" && found !== "nothing";
  }

  return {
    held: () => held,
    unanswered: () => asked,
    async run() {
      while (!signal.aborted) {
        try {
          held = await look();
        } catch (error) {
          held = true; // the bus was locked or full: the next tick tries again
          log("pump_failed", { error: String(error) });
        }
        await clock.sleep(pauseMs);
        await waker.next();
      }
    },
  };
}

/** What came of a look: all was handed over, nothing waits, only time brings it on, the client was just or before asked to come. */
type Next = "handed" | "nothing" | "later" | "touched" | "asked";

async function next(parts: PumpParts): Promise<Next> {
  const { bus, clock, session, channel, wake, quiet, replyLimit } = parts;
  const self = session();
  // A program behind a plain MCP client is not interrupted by low mail, a model is.
  const plain = channel.ready() && self.hooksAt === null;
  if (plain && !quiet()) {
    const found = await drain(parts, self, "unless it mutes");
    if (found !== "nothing") return found;
  }
  if ((await bus.unread(self)) === 0) return "nothing";
  if (!channel.ready() && !wake.ready()) return "nothing"; // it waits for inbox or the next prompt
  if (quiet()) return "later";
  if (plain) return (await bus.pressing(self, "low too")).length === 0 ? "later" : drain(parts, self);
  const now = clock.now();
  // Damped mail interrupts later; low and muted mail never by itself, it comes along with what does.
  const pressing = (await bus.pressing(self)).filter((mail) => mayWake(mail, replyLimit, now));
  if (pressing.length === 0) return "later";
  if (channel.ready()) return drain(parts, self);
  const worth = pressing.filter((mail) => mail.tried < mostTries);
  if (worth.length === 0 || turnBrings(parts, worth, now)) return "later";
  if (!wake.pace.due(now, newest(worth))) return "asked";
  wake.touch();
  return "touched";
}

function turnBrings({ inTurn }: PumpParts, mail: readonly Pressing[], now: EpochMs): boolean {
  const since = inTurn();
  if (since === null) return false;
  const oldest = Math.min(...mail.map(({ sentAt }) => sentAt));
  return now - Math.max(since, oldest) < turnMs;
}

function newest(mail: readonly Pressing[]): number {
  return mail.reduce((last, { seq }) => Math.max(last, seq), 0);
}

async function drain(
  { bus, clock, log, channel, isPerson }: PumpParts,
  self: Session,
  which: "all" | "unless it mutes" = "all",
): Promise<Next> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    let claimed = 0;
    const onClaim = (count: number) => {
      claimed = count;
    };
    const offers = await receive(
      { bus, session: self, isPerson, clock, log, onClaim },
      { path: "channel", limit: batch, unlessMutes: which !== "all" },
    );
    if (offers.length > 0) await channel.push(offers);
    if (claimed < batch) return claimed > 0 ? "handed" : "nothing";
    const left = await bus.unread(self);
    if (left >= before) return "later"; // the next poll tries again
    before = left;
  }
}
