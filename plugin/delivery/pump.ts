import type { Bus, Pressing } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Offer, Session } from "../core/model.ts";
import { mayWake } from "../policy/loop.ts";
import { receive } from "../policy/receive.ts";
import type { wakePace } from "./wake.ts";
import type { Waker } from "./waker.ts";

// Without a pause a burst of rings makes a look each, and throughput halves.
const pauseMs = 2;
const batch = 100;

export interface PumpParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly waker: Waker;
  readonly session: () => Session;
  readonly channel: {
    /** Whether events can be pushed now: initialized, wanted, and not found to be dropped. */
    ready(): boolean;
    push(offers: readonly Offer[]): Promise<void>;
  };
  readonly wake: {
    /** Whether the client watches its wake file. */
    ready(): boolean;
    touch(): void;
    readonly pace: ReturnType<typeof wakePace>;
  };
  readonly signal: AbortSignal;
}

export interface Pump {
  /** Ends when the signal aborts. */
  run(): Promise<void>;
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
  return {
    held: () => held,
    async run() {
      while (!signal.aborted) {
        try {
          held = await look(parts);
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

/** @returns whether mail is left that only time brings on. */
async function look(parts: PumpParts): Promise<boolean> {
  const { bus, clock, session, channel, wake } = parts;
  const self = session();
  // A program behind a plain MCP client is not interrupted by low mail, a model is.
  const plain = channel.ready() && self.hooksAt === null;
  if (plain && !(await mutes(bus, self))) return drain(parts, self);
  if ((await bus.unread(self)) === 0) return false;
  if (plain) return (await bus.pressing(self, "low too")).length === 0 || drain(parts, self);
  if (!channel.ready() && !wake.ready()) return false; // it waits for inbox or the next prompt
  const pressing = await bus.pressing(self);
  const now = clock.now();
  // Damped mail interrupts later; low and muted mail never by itself, it comes along with what does.
  if (!pressing.some((mail) => mayWake(mail, now))) return true;
  if (channel.ready()) return drain(parts, self);
  if (wake.pace.due(now, newest(pressing))) wake.touch();
  return true;
}

async function mutes(bus: Bus, self: Session): Promise<boolean> {
  return (await bus.filters(self.mailbox)).some(({ kind }) => kind === "mute");
}

function newest(mail: readonly Pressing[]): number {
  return mail.reduce((last, { seq }) => Math.max(last, seq), 0);
}

async function drain({ bus, clock, log, channel }: PumpParts, self: Session): Promise<boolean> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const offers = await receive({ bus, session: self, clock, log }, { path: "channel", limit: batch });
    if (offers.length > 0) await channel.push(offers);
    const left = await bus.unread(self);
    if (left === 0 || left >= before) return left > 0; // the next poll tries again
    before = left;
  }
}
