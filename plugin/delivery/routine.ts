import type { Log } from "../core/log.ts";
import type { EpochMs, Session } from "../core/model.ts";
import { single } from "../core/turns.ts";
import type { ClientStatus } from "../host/status.ts";
import type { Standing } from "../policy/presence.ts";
import type { Doing } from "./doing.ts";
import { type DutyParts, expireOverdue, lookAfterDeaf, reportOutcomes, type soonest } from "./duties.ts";
import { heartbeatMs, type Membership } from "./membership.ts";
import type { Pump } from "./paths/pump.ts";
import type { Waker } from "./paths/waker.ts";
import { dueBefore, type Evidence, evidenceDueMs } from "./proof/evidence.ts";
import type { Relay } from "./relay/relay.ts";
import { ticker } from "./ticker.ts";

// A look for mail of senders that are gone; a sender that is there watches over its own.
const sweepMs = 30_000;
const pruneMs = 3_600_000;

/** What the routine sees and others ask for. */
export interface Seen {
  /** The client's SessionStart hook ran, so it watches its wake file. */
  armed: boolean;
  /** What waits does not fit into a turn. */
  tooLong: boolean;
}

export interface RoutineParts extends DutyParts {
  readonly log: Log;
  readonly standing: (session: Session) => Standing;
  readonly seen: Seen;
  readonly member: Membership;
  readonly evidence: Evidence;
  readonly doing: Doing;
  readonly loop: Pump;
  readonly alarm: Waker;
  readonly expiry: ReturnType<typeof soonest>;
  /** @returns whether mail that the channel was given has to go another way now. */
  readonly channelDue: (before: EpochMs | null) => Promise<boolean>;
  readonly clientStatus: () => ClientStatus | null;
  readonly relay: Relay | null;
  /** A command inside the client wants something done. */
  readonly onErrands: () => Promise<void>;
  /** Tells the others what changed about this session. */
  readonly tell: () => void;
  /** Removes what dead processes left in the bus folder. */
  readonly tidy: (open: readonly Session[]) => void;
}

export interface Routine {
  /** Somebody rang the bell. */
  readonly rung: () => void;
  /** A look for mail is over. A ring that brought none may be that of a command that waits for what it asked. */
  readonly looked: (found: boolean) => void;
  readonly stop: () => void;
}

/** What a session does again and again: the poll, and its duties. */
export function routine(parts: RoutineParts): Routine {
  const { bus, clock, log, self, standing, seen, member, evidence, doing, loop, alarm, relay } = parts;
  const failed = (what: string) => (error: unknown) => log(`${what}_failed`, { error: String(error) });

  let polls = 0;
  let unexplained = false;
  let stale = false;
  // Every commit of anybody ends here in every session, heartbeats too: one query, unless it says more.
  const refresh = single(
    async () => {
      stale = false; // what is noticed from here on is looked for again
      const news = await member.refresh();
      if (!seen.armed && news.transcript !== null) arrive();
      seen.armed = news.transcript !== null;
      if (news.anew) await begunAnew(news.transcript);
      if (news.unproven) evidence.expect();
      if (!news.mail) seen.tooLong = false;
      if (news.watching && (await reportOutcomes(parts, standing))) alarm.wake(); // own commits are no news to the poll
      if (news.mail) alarm.wake();
      if (news.errands) runErrands();
      await relay?.look();
    },
    (error) => {
      stale = true;
      failed("refresh")(error);
    },
  );
  const look = single(() => evidence.look(), failed("evidence"));
  const runErrands = single(parts.onErrands, (error) => {
    stale = true;
    failed("errands")(error);
  });
  const lookAtRequests = single(async () => relay?.look(), failed("relay"));

  function poll(): void {
    try {
      if (bus.changed()) stale = true;
    } catch (error) {
      failed("poll")(error);
    }
    if (stale) refresh();
    else if (loop.held()) alarm.wake();
    if (evidence.wanted()) {
      look();
      correct();
    }
    if (relay?.waits() === true) lookAtRequests();
    if (++polls % 4 === 0) parts.tell(); // what only time changes; the rest tells itself
  }

  /** Its client has started, and sits idle unless it was given a prompt at once. */
  function arrive(): void {
    if (doing.activity() !== null) return;
    doing.note(parts.clientStatus()?.status === "busy" ? { kind: "turn" } : { kind: "end", agent: "" });
  }

  /** No hook of ours tells: that of SessionStart fails visibly where `--resume` starts the client. */
  async function begunAnew(transcript: string | null): Promise<void> {
    await evidence.look(); // what the conversation before still tells
    if (transcript !== null) evidence.transcript(transcript);
    doing.note({ kind: "end", agent: "" });
  }

  /** While it is busy or blocked only: an idle session costs next to nothing. */
  function correct(): void {
    const state = doing.activity()?.state;
    if (state !== "busy" && state !== "blocked") return;
    const status = parts.clientStatus();
    if (status !== null) doing.corrected(status);
  }

  const stop = ticker(clock, log, poll, [
    { name: "heartbeat", everyMs: heartbeatMs, run: member.beat },
    {
      name: "evidence",
      everyMs: evidenceDueMs,
      async run() {
        if (await parts.channelDue(dueBefore(doing, clock.now()))) alarm.wake();
      },
    },
    {
      name: "expire",
      everyMs: sweepMs,
      early: parts.expiry.passed,
      async run() {
        if (!(await expireOverdue(parts))) parts.expiry.note(clock.now());
        await lookAfterDeaf(parts, standing);
        await reportOutcomes(parts, standing); // of a receiver that was killed nobody else tells
        alarm.wake(); // a notice may be for this very session, and own commits are no news to the poll
        bus.tidy();
      },
    },
    {
      name: "prune",
      everyMs: pruneMs,
      async run() {
        await bus.prune(self().id, parts.historyDays);
        const open = await bus.roster();
        await bus.close(open.filter((session) => standing(session) === "gone").map((session) => session.id));
        parts.tidy(open);
      },
    },
  ]);
  return {
    rung() {
      unexplained = true;
    },
    looked(found) {
      if (unexplained && !found) runErrands();
      unexplained = false;
    },
    stop,
  };
}
