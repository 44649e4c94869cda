import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { EpochMs, Path, Session } from "../../core/model.ts";
import { turns } from "../../core/turns.ts";
import { follower, tail } from "../../host/tail.ts";
import type { Doing } from "../doing.ts";
import { type HookDecision, transcriptReader } from "./transcript.ts";

export const evidenceDueMs = 10_000;
const mostDecisions = 50;
const settleBytes = 4 * 1024 * 1024;

export interface EvidenceParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly session: () => Session;
  readonly doing: Doing;
  /** Offered again: the pump has something to do. */
  readonly again: () => void;
}

export interface Evidence {
  /** Something was handed over: look for signs that it was read. */
  expect(): void;
  /** Whether anything is still looked for. */
  expecting(): boolean;
  /** Where the client writes what its model reads. */
  transcript(path: string): void;
  /** Tokens that only the client can have shown. */
  found(tokens: readonly string[], kind: string): Promise<void>;
  /** The turn that a hook gave mail went on to a next step. */
  wentOn(before?: EpochMs): Promise<void>;
  /** Whether there may be something to find: an idle session costs next to nothing. */
  wanted(): boolean;
  /** Looks at what was written meanwhile. */
  look(force?: "force"): Promise<void>;
  /** What hooks decided of late about permission prompts; null: there is no transcript to tell. */
  decisions(): readonly HookDecision[] | null;
  /** How many hand-overs in a row yielded no evidence. */
  misses(): number;
}

/**
 * When what was handed over before may count as not read: ten seconds in which the client could have
 * read it and did not; or a whole turn that began so long after it, for a session in brisk use is
 * never idle for ten seconds. A busy client is not a deaf one. Null: nothing is due.
 */
export function dueBefore(doing: Doing, now: EpochMs): EpochMs | null {
  const activity = doing.activity();
  const last = doing.lastTurn();
  if (activity === null) return now - evidenceDueMs;
  if (activity.state === "idle" && now - activity.since >= evidenceDueMs) return now - evidenceDueMs;
  return last === null ? null : last - evidenceDueMs;
}

/** Evidence for what this server's own client was handed, and what follows where there is none. */
export function evidence({ bus, clock, log, session, doing, again }: EvidenceParts): Evidence {
  const follow = follower();
  const read = transcriptReader();
  const inTurn = turns(); // what was read must be written down before anything is called missing
  let path: string | null = null;
  let expecting = false;
  let misses = 0;
  let decisions: readonly HookDecision[] = [];
  let unwritten: readonly string[] = [];

  function wanted(): boolean {
    const state = doing.activity()?.state;
    return expecting || state === "busy" || state === "blocked";
  }

  async function found(tokens: readonly string[], kind: string): Promise<void> {
    if (tokens.length > 0 && (await bus.seen(session().id, tokens, kind)) > 0) misses = 0;
  }

  function readOn(): void {
    const lines = path === null ? "" : follow.more(path);
    if (lines === "") return;
    doing.stirred();
    const { tokens, brokenAt, decisions: made } = read(lines);
    decisions = [...decisions, ...made].slice(-mostDecisions);
    if (brokenAt !== null) doing.broken(brokenAt);
    unwritten = [...unwritten, ...tokens];
  }

  /** What was read while the bus was locked must not be forgotten: the file will not tell it again. */
  async function writeDown(): Promise<void> {
    const tokens = unwritten;
    await found(tokens, "transcript");
    unwritten = unwritten.slice(tokens.length);
  }

  async function offerAgain(): Promise<void> {
    const { id, mailbox } = session();
    const own = (await bus.unproven(mailbox)).filter((one) => one.session === id);
    expecting = own.length > 0;
    const before = dueBefore(doing, clock.now());
    if (before === null) return;
    // Of a program without hooks the answered pings tell (delivery/wire/outlet.ts).
    const paths: readonly Path[] = session().hooksAt === null ? [] : ["wake", "turn", "pull"];
    for (const via of paths) {
      const returned = await bus.requeue(id, via, before);
      if (returned === 0) continue;
      misses++;
      log("no_evidence", { path: via, returned });
      again();
    }
  }

  return {
    expect() {
      expecting = true;
    },
    expecting: () => expecting,
    transcript(file) {
      path = file;
    },
    found,
    async wentOn(before) {
      if ((await bus.seenBy(session().id, "turn", "turn", before)) > 0) misses = 0;
    },
    wanted,
    look: (force) =>
      inTurn(async () => {
        if (!wanted() && force === undefined) return;
        readOn();
        await writeDown();
        if (expecting) await offerAgain();
      }),
    decisions: () => (path === null ? null : decisions),
    misses: () => misses,
  };
}

/**
 * What sessions that cannot look for themselves were handed: closed ones, and those whose server died.
 * Their transcripts still tell what their models read.
 */
export async function settle(bus: Bus, mailbox: number, except?: Session): Promise<void> {
  const open = (await bus.unproven(mailbox)).filter((one) => one.session !== except?.id);
  for (const [transcript, given] of Map.groupBy(open, (one) => one.transcript)) {
    if (transcript === null) continue;
    const read = new Set(transcriptReader()(tail(transcript, settleBytes)).tokens);
    for (const { session, token } of given)
      if (read.has(token)) await bus.seen(session, [token], "transcript");
  }
}
