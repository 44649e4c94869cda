import type { Bus, Joining } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Config } from "../core/config.ts";
import { messageIds } from "../core/ids.ts";
import type { Keys } from "../core/keys.ts";
import type { Log } from "../core/log.ts";
import type { Condition, EpochMs, Identity, Offer, Presence, Session } from "../core/model.ts";
import { single } from "../core/turns.ts";
import type { ClientStatus } from "../host/status.ts";
import { type Desk, openDesk } from "../policy/desk.ts";
import { type Arrival, arrive } from "../policy/join.ts";
import { limitsOf, listsOf } from "../policy/limits.ts";
import type { Standing } from "../policy/presence.ts";
import { attention } from "./attention.ts";
import { hangBell, ringer } from "./bell.ts";
import { teller } from "./condition.ts";
import { doing as doings } from "./doing.ts";
import { expireOverdue, lookAfterDeaf, reportOutcomes, soonest } from "./duties.ts";
import { dueBefore, evidenceDueMs, evidence as evidences, settle } from "./evidence.ts";
import type { HookParts } from "./hooks.ts";
import { personLine } from "./instructions.ts";
import { heartbeatMs, membership } from "./membership.ts";
import { pump } from "./pump.ts";
import { ticker } from "./ticker.ts";
import { touch, wakeFile, wakePace } from "./wake.ts";
import { waker } from "./waker.ts";

// A look for mail of senders that are gone; a sender that is there watches over its own.
const sweepMs = 30_000;
const pruneMs = 3_600_000;
const hookStartMs = 10_000;

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
    due(session: Session, before: EpochMs | null): Promise<void>;
  };
  readonly clientStatus: () => ClientStatus | null;
  /** Removes what dead processes left in the bus folder. */
  readonly tidy: (open: readonly Session[]) => void;
}

export interface Life {
  readonly arrival: Arrival;
  /** Who else was there when it came. */
  readonly company: readonly Session[];
  readonly desk: Desk;
  readonly hooks: HookParts;
  /** Until then nothing starts a turn here; null: anything may. */
  quiet(until: EpochMs | null): void;
  condition(): Condition;
  /** Something may have come, or a path may have opened: look now. */
  look(): void;
  /** Takes the session off the roster; never waits. */
  end(): void;
}

/** One session from joining to leaving: roster, bell, pump, evidence, heartbeat, sweeping. */
export async function live(parts: LifeParts): Promise<Life> {
  const { config, bus, clock, keys, log, base, standing, channel } = parts;
  const { values, home } = config;
  const arrival = await arrive({ bus, standing }, base, {
    name: values.CC_DM_SESSION_NAME ?? null,
    role: config.sources.CC_DM_SESSION_ROLE === "default" ? null : values.CC_DM_SESSION_ROLE,
    project: values.CC_DM_SESSION_PROJECT ?? null,
  });
  log("joined", { id: arrival.session.id, name: arrival.session.name, wanted: arrival.instead?.wanted });
  // What this name was handed before and its transcript shows as read must not be shown again.
  await settle(bus, arrival.session.mailbox, arrival.session);

  const newId = messageIds();
  const connect = ringer(clock);
  const expiry = soonest(clock);
  const ring = (to: Session, presence: Presence = standing(to) as Presence) => {
    // Its server died: nobody answers the bell, but the client still watches its wake file.
    if (presence === "deaf")
      attempt("touch", () => touch(wakeFile(home.clients, to.client, to.place), clock.now()));
    else if (to.bell !== null && values.CC_DM_BELL) connect(to.bell);
  };
  const alarm = waker();
  const doing = doings(clock, () => announce.tell());
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
      progressAt: doing.progressAt,
      historyDays: values.CC_DM_HISTORY_DAYS,
      limits: limitsOf(values),
      lists: listsOf(values),
    },
    arrival.session,
  );
  const evidence = evidences({ bus, clock, log, session: desk.self, doing, again: alarm.wake });

  let armed = false;
  const startedUp = clock.up();
  let tooLong = false;
  let greeting = personLine(arrival);
  const stop = new AbortController();
  const takeDown =
    attempt("bell", () => (base.bell === null ? null : hangBell(base.bell, alarm.wake))) ?? (() => {});
  const wakes = () => values.CC_DM_WAKE && (parts.expectsHooks || desk.self().hooksAt !== null);
  const loop = pump({
    bus,
    clock,
    log,
    waker: alarm,
    session: desk.self,
    signal: stop.signal,
    channel: { ready: channel.ready, push },
    inTurn: () => (tooLong ? null : doing.inTurn()),
    quiet: () => own.isQuiet(),
    replyLimit: values.CC_DM_REPLY_LIMIT,
    wake: {
      ready: wakes,
      touch: () => touch(wakeFile(home.clients, base.client, base.place), clock.now()),
      pace: wakePace(),
    },
  });

  async function push(offers: readonly Offer[]): Promise<void> {
    evidence.expect();
    await channel.push(offers, desk.self());
  }

  const own = attention({
    clock,
    doing,
    evidence,
    pushes: channel.ready,
    // Its SessionStart hook and this server start at once; who comes second is not late.
    wakes: () => wakes() && (armed || (parts.expectsHooks && clock.up() - startedUp < hookStartMs)),
    unanswered: loop.unanswered,
    hooksHeard: () => desk.self().hooksAt !== null,
  });
  const announce = teller({ bus, clock, log, session: desk.self, condition: own.condition });
  const member = membership({
    bus,
    standing,
    desk,
    base,
    branch: parts.branch,
    log,
    joinedAgain: announce.forget,
  });

  const duty = { bus, clock, keys, newId, self: desk.self, historyDays: values.CC_DM_HISTORY_DAYS, ring };
  let stale = false;
  let refreshing = false;
  // Every commit of anybody ends here in every session, heartbeats too: one query, unless it says more.
  const refresh = async () => {
    refreshing = true;
    stale = false; // what is noticed from here on is looked for again
    try {
      const news = await member.refresh();
      armed = news.transcript !== null;
      if (news.anew) await begunAnew(news.transcript);
      if (news.unproven) evidence.expect();
      if (!news.mail) tooLong = false;
      if (news.watching && (await reportOutcomes(duty, standing))) alarm.wake(); // own commits are no news to the poll
      if (news.mail) alarm.wake();
    } catch (error) {
      stale = true;
      log("refresh_failed", { error: String(error) });
    } finally {
      refreshing = false;
    }
  };
  /** No hook of ours tells: that of SessionStart fails visibly where `--resume` starts the client. */
  async function begunAnew(transcript: string | null): Promise<void> {
    await evidence.look(); // what the conversation before still tells
    if (transcript !== null) evidence.transcript(transcript);
    doing.note({ kind: "end", agent: "" });
  }
  const onTick = () => {
    if (attempt("poll", bus.changed) === true) stale = true;
    if (stale && !refreshing) void refresh();
    else if (loop.held()) alarm.wake();
    look();
    correct();
    announce.tell();
  };
  /** While it is busy or blocked only: an idle session costs next to nothing. */
  function correct(): void {
    const state = doing.activity()?.state;
    if (state !== "busy" && state !== "blocked") return;
    const status = parts.clientStatus();
    if (status !== null) doing.corrected(status);
  }
  const look = single(evidence.look, (error) => log("evidence_failed", { error: String(error) }));
  const stopTicker = ticker(clock, log, onTick, [
    { name: "heartbeat", everyMs: heartbeatMs, run: member.beat },
    {
      name: "evidence",
      everyMs: evidenceDueMs,
      async run() {
        await channel.due(desk.self(), dueBefore(doing, clock.now()));
        alarm.wake(); // what a deaf channel was given goes another way at once
      },
    },
    { name: "expire", everyMs: sweepMs, early: expiry.passed, run: lookOver },
    { name: "prune", everyMs: pruneMs, run: prune },
  ]);
  void loop.run();
  alarm.wake();

  async function lookOver(): Promise<void> {
    await expireOverdue(duty);
    await lookAfterDeaf(duty, standing);
    await reportOutcomes(duty, standing); // of a receiver that was killed nobody else tells
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
    company: (await bus.roster()).filter((one) => one.id !== arrival.session.id && one.listed),
    desk,
    condition: own.condition,
    quiet(until) {
      own.quiet(until);
      announce.tell();
      alarm.wake();
    },
    hooks: {
      bus,
      clock,
      log,
      session: desk.self,
      doing,
      evidence,
      replyLimit: values.CC_DM_REPLY_LIMIT,
      clientStatus: parts.clientStatus,
      turn: { prolonged: 0, unsure: false },
      async follow(clientSession) {
        desk.become({ ...desk.self(), clientSession });
        await bus.follow(desk.self().id, clientSession);
      },
      tooLong(is) {
        tooLong = is;
        if (is) alarm.wake();
      },
      greeting() {
        const line = greeting;
        greeting = null;
        return line;
      },
      async sight() {
        const { client, clientSession, place } = desk.self();
        await bus.sight({ client, sessionId: clientSession, transcript: null }, place);
        desk.become({ ...desk.self(), hooksAt: clock.now() }); // own commits are no news to the poll
      },
    },
    look() {
      announce.tell();
      alarm.wake();
    },
    end() {
      stop.abort();
      stopTicker();
      takeDown();
      bus.leave(desk.self().id);
      bus.end();
    },
  };
}
