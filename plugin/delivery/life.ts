import type { Bus, Joining } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Config } from "../core/config.ts";
import { messageIds } from "../core/ids.ts";
import type { Keys } from "../core/keys.ts";
import type { Log } from "../core/log.ts";
import type { Condition, EpochMs, Identity, Offer, Presence, Session } from "../core/model.ts";
import { hangBell, ringer } from "../host/bell.ts";
import type { ClientStatus } from "../host/status.ts";
import { touch, wakeFile, wakePace } from "../host/wake.ts";
import { type Desk, openDesk } from "../policy/desk.ts";
import { type Arrival, arrive } from "../policy/join.ts";
import { limitsOf, listsOf } from "../policy/limits.ts";
import type { Standing } from "../policy/presence.ts";
import type { IsPerson } from "../policy/trust.ts";
import { attention } from "./attention.ts";
import { teller } from "./condition.ts";
import { doing as doings } from "./doing.ts";
import { soonest } from "./duties.ts";
import { membership } from "./membership.ts";
import { type HookParts, preApproved } from "./paths/hooks.ts";
import { pump } from "./paths/pump.ts";
import { waker } from "./paths/waker.ts";
import { evidence as evidences, settle } from "./proof/evidence.ts";
import { consent } from "./relay/consent.ts";
import type { Relay, RelayHouse } from "./relay/relay.ts";
import { routine, type Seen } from "./routine.ts";
import { personLine } from "./words/instructions.ts";
import { headline } from "./words/visible.ts";

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
    due(session: Session, before: EpochMs | null): Promise<boolean>;
  };
  readonly clientStatus: () => ClientStatus | null;
  readonly isPerson: IsPerson;
  readonly person: () => Promise<Session>;
  /** A desktop notice, if this session's person wants them. */
  readonly notify: (text: string) => void;
  readonly onErrands: () => Promise<void>;
  /** Makes what relays this session's permission prompts; null: they are not relayed. */
  readonly relay: ((house: RelayHouse) => Relay) | null;
  /** Word of a newer version, for the person, once. */
  readonly tidings: () => string | null;
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
  /** The client knows the tools now. What is told of this session from here on also says that it is ready. */
  listed(): void;
  /** Takes the session off the roster; never waits. */
  end(): void;
}

/** One session from joining to leaving: roster, bell, pump, evidence, heartbeat, sweeping. */
export async function live(parts: LifeParts): Promise<Life> {
  const { config, bus, clock, keys, log, base, standing, isPerson, channel } = parts;
  const { values, home } = config;
  const arrival = await arrive({ bus, standing }, base, {
    name: values.CC_DM_SESSION_NAME ?? null,
    role: config.sources.CC_DM_SESSION_ROLE === "default" ? null : values.CC_DM_SESSION_ROLE,
    project: values.CC_DM_SESSION_PROJECT ?? null,
  });
  log("joined", { id: arrival.session.id, name: arrival.session.name, wanted: arrival.instead?.wanted });
  // What this name was handed before and its transcript shows as read must not be shown again.
  const roster = await settle(bus, arrival.session.mailbox, arrival.session)
    .then(() => bus.roster())
    .catch((error: unknown) => {
      bus.leave(arrival.session.id); // nothing hangs or runs yet: who tries again leaves nothing behind
      throw error;
    });

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
      isPerson,
      person: parts.person,
      tellPerson: (letter) => parts.notify(headline(letter)),
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

  const startedUp = clock.up();
  const seen: Seen = { armed: false, tooLong: false };
  let greeting = personLine(arrival);
  const stop = new AbortController();
  const takeDown =
    attempt("bell", () => (base.bell === null ? null : hangBell(base.bell, onRing))) ?? (() => {});
  const wakes = () => values.CC_DM_WAKE && (parts.expectsHooks || desk.self().hooksAt !== null);
  const loop = pump({
    bus,
    clock,
    log,
    waker: alarm,
    session: desk.self,
    isPerson,
    signal: stop.signal,
    channel: { ready: channel.ready, push },
    inTurn: () => (seen.tooLong ? null : doing.inTurn()),
    quiet: () => own.isQuiet(),
    replyLimit: values.CC_DM_REPLY_LIMIT,
    wake: {
      ready: wakes,
      touch: () => touch(wakeFile(home.clients, base.client, base.place), clock.now()),
      pace: wakePace(),
    },
    looked: (found) => routines.looked(found),
  });

  function onRing(): void {
    alarm.wake();
    routines.rung();
    relaying?.look().catch((error: unknown) => log("relay_failed", { error: String(error) }));
  }

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
    wakes: () => wakes() && (seen.armed || (parts.expectsHooks && clock.up() - startedUp < hookStartMs)),
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
  const relaying =
    parts.relay?.({
      ...duty,
      start: arrival.session,
      log,
      standing,
      doing,
      clientStatus: parts.clientStatus,
      decisions: evidence.decisions,
      readOn: () => evidence.look("force"),
    }) ?? null;
  const agreed = consent({
    bus,
    clock,
    session: desk.self,
    approver: values.CC_DM_APPROVER,
    asks: () => parts.expectsHooks || desk.self().hooksAt !== null,
    preApproved,
  });
  const routines = routine({
    ...duty,
    log,
    standing,
    seen,
    member,
    evidence,
    doing,
    loop,
    alarm,
    expiry,
    channelDue: (before) => channel.due(desk.self(), before),
    clientStatus: parts.clientStatus,
    relay: relaying,
    onErrands: parts.onErrands,
    tell: announce.tell,
    tidy: parts.tidy,
  });
  void loop.run();
  alarm.wake();

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
    company: roster.filter((one) => one.id !== arrival.session.id && one.listed),
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
      isPerson,
      doing,
      evidence,
      replyLimit: values.CC_DM_REPLY_LIMIT,
      clientStatus: parts.clientStatus,
      relay: relaying,
      consent: agreed,
      turn: { prolonged: 0, unsure: false },
      absent: { since: new Map(), again: alarm.wake },
      async follow(clientSession) {
        desk.become({ ...desk.self(), clientSession });
        await bus.follow(desk.self().id, clientSession);
      },
      tooLong(is) {
        seen.tooLong = is;
        if (is) alarm.wake();
      },
      greeting() {
        const lines = [greeting, parts.tidings()].filter((line) => line !== null);
        greeting = null;
        return lines.length === 0 ? null : lines.join("\n");
      },
      async sight() {
        const { client, clientSession, place } = desk.self();
        await bus.sight({ client, sessionId: clientSession, transcript: null }, place);
        desk.become({ ...desk.self(), hooksAt: clock.now() }); // own commits are no news to the poll
      },
    },
    look: alarm.wake,
    listed: announce.tell,
    end() {
      stop.abort();
      routines.stop();
      takeDown();
      bus.leave(desk.self().id);
      bus.end();
    },
  };
}
