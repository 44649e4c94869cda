import type { Bus, Joining } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Config } from "../core/config.ts";
import { messageIds } from "../core/ids.ts";
import type { Keys } from "../core/keys.ts";
import type { Log } from "../core/log.ts";
import type { Identity, Offer, Presence, Session } from "../core/model.ts";
import { type Desk, openDesk } from "../policy/desk.ts";
import { type Arrival, arrive } from "../policy/join.ts";
import type { Standing } from "../policy/presence.ts";
import { hangBell, ringer } from "./bell.ts";
import { expireOverdue, soonest } from "./duties.ts";
import { heartbeatMs, membership } from "./membership.ts";
import { pump } from "./pump.ts";
import { ticker } from "./ticker.ts";
import { touch, wakeFile, wakePace } from "./wake.ts";
import { waker } from "./waker.ts";

const mailboxLimit = 10_000;
const sendsPerMinute = 5_000;
const evidenceMs = 10_000;
// A look for mail of senders that are gone; a sender that is there watches over its own.
const sweepMs = 30_000;
const pruneMs = 3_600_000;

export interface LifeParts {
  readonly config: Config;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly log: Log;
  readonly base: Omit<Joining, keyof Identity | "startName" | "startRole">;
  readonly branch: () => string | null;
  /** Started by a Claude client, whose hooks are then to be expected. */
  readonly expectsHooks: boolean;
  readonly standing: (session: Session) => Standing;
  readonly channel: {
    ready(): boolean;
    push(offers: readonly Offer[], to: Session): Promise<void>;
    /** Evidence that became due: called at every poll. */
    due(session: Session): Promise<void>;
  };
  /** Removes what dead processes left in the bus folder. */
  readonly tidy: (open: readonly Session[]) => void;
}

export interface Life {
  readonly arrival: Arrival;
  readonly desk: Desk;
  /** Something may have come, or a path may have opened: look now. */
  look(): void;
  /** Takes the session off the roster; never waits. */
  end(): void;
}

/** One session from joining to leaving: roster, bell, pump, heartbeat, sweeping. */
export async function live(parts: LifeParts): Promise<Life> {
  const { config, bus, clock, keys, log, base, standing, channel } = parts;
  const { values, home } = config;
  const arrival = await arrive({ bus, standing }, base, {
    name: values.CC_DM_SESSION_NAME ?? null,
    role: config.sources.CC_DM_SESSION_ROLE === "default" ? null : values.CC_DM_SESSION_ROLE,
    project: values.CC_DM_SESSION_PROJECT ?? null,
  });
  log("joined", { id: arrival.session.id, name: arrival.session.name, wanted: arrival.instead?.wanted });

  const newId = messageIds();
  const connect = ringer(clock);
  const expiry = soonest(clock);
  const ring = (to: Session, presence: Presence = standing(to) as Presence) => {
    // Its server died: nobody answers the bell, but the client still watches its wake file.
    if (presence === "deaf")
      attempt("touch", () => touch(wakeFile(home.clients, to.client, to.place), clock.now()));
    else if (to.bell !== null && values.CC_DM_BELL) connect(to.bell);
  };
  const desk = openDesk(
    {
      bus,
      clock,
      keys,
      log,
      newId,
      standing,
      ring,
      expiresAt: expiry.note,
      limits: {
        maxChars: values.CC_DM_MAX_CHARS,
        ttlMs: values.CC_DM_MESSAGE_TTL_S * 1000,
        mailbox: mailboxLimit,
        sendsPerMinute,
      },
      lists: {
        broadcastRoles: values.CC_DM_BROADCAST_ALLOWED_ROLES,
        dmAllow: values.CC_DM_DM_ALLOWLIST,
        dmBlock: values.CC_DM_DM_BLOCKLIST,
      },
    },
    arrival.session,
  );

  const stop = new AbortController();
  const alarm = waker();
  const member = membership({ bus, standing, desk, base, branch: parts.branch, log });
  const takeDown =
    attempt("bell", () => (base.bell === null ? null : hangBell(base.bell, alarm.wake))) ?? (() => {});
  const loop = pump({
    bus,
    clock,
    log,
    waker: alarm,
    session: desk.self,
    signal: stop.signal,
    channel: { ready: channel.ready, push: (offers) => channel.push(offers, desk.self()) },
    wake: {
      ready: () => values.CC_DM_WAKE && (parts.expectsHooks || desk.self().hooksAt !== null),
      touch: () => touch(wakeFile(home.clients, base.client, base.place), clock.now()),
      pace: wakePace(),
    },
  });

  let stale = false;
  let refreshing = false;
  // Every commit of anybody ends here in every session, heartbeats too: one query, and no more
  // unless it says so.
  const refresh = async () => {
    refreshing = true;
    stale = false; // what is noticed from here on is looked for again
    try {
      if (await member.refresh()) alarm.wake();
    } catch (error) {
      stale = true;
      log("refresh_failed", { error: String(error) });
    } finally {
      refreshing = false;
    }
  };
  const onTick = () => {
    if (attempt("poll", bus.changed) === true) stale = true;
    if (stale && !refreshing) void refresh();
    else if (loop.held()) alarm.wake();
  };
  const duty = { bus, clock, keys, newId, session: desk.self, historyDays: values.CC_DM_HISTORY_DAYS, ring };
  const stopTicker = ticker(clock, log, onTick, [
    { name: "heartbeat", everyMs: heartbeatMs, run: member.beat },
    { name: "evidence", everyMs: evidenceMs, run: () => channel.due(desk.self()) },
    { name: "expire", everyMs: sweepMs, early: expiry.passed, run: lookOver },
    { name: "prune", everyMs: pruneMs, run: prune },
  ]);
  void loop.run();
  alarm.wake();

  async function lookOver(): Promise<void> {
    await expireOverdue(duty);
    alarm.wake(); // a notice may be for this very session, and own commits are no news to the poll
    bus.tidy();
  }

  async function prune(): Promise<void> {
    await bus.prune(desk.self().id, values.CC_DM_HISTORY_DAYS);
    const open = await bus.roster();
    await bus.close(open.filter((session) => standing(session) === "gone").map((session) => session.id));
    parts.tidy(open);
  }

  function attempt<T>(what: string, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      log(`${what}_failed`, { error: String(error) });
      return undefined;
    }
  }

  return {
    arrival,
    desk,
    look: alarm.wake,
    end() {
      stop.abort();
      stopTicker();
      takeDown();
      bus.leave(desk.self().id);
      bus.end();
    },
  };
}
