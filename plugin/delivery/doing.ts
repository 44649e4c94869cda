import type { Clock } from "../core/clock.ts";
import type { Activity, EpochMs } from "../core/model.ts";
import type { ClientStatus } from "../host/status.ts";
import { activityOf, after, nothing, type Sign } from "../policy/activity.ts";

// A turn can be broken off without a trace (Escape before the first word), and nobody thinks that long in silence.
const silentMs = 10 * 60_000;

// The client notes a change up to 60 ms after its hook was heard.
const slackMs = 100;

export interface Step {
  readonly at: EpochMs;
}

/** What this server's client is doing, as far as it was told. */
export interface Doing {
  note(sign: Sign): void;
  /** The turn was broken off at this moment; told late, it may be about an earlier one. */
  broken(at: EpochMs): void;
  /** A sign of life that tells nothing new, such as a growing transcript. */
  stirred(): void;
  /** The person spoke, or a tool other than ours was used: what is written now is more than an answer. */
  progressed(): void;
  /** The client's own note of its state, which also knows what no hook tells. */
  corrected(by: ClientStatus): void;
  /** Null: nothing was told yet, or not for long. */
  activity(): Activity | null;
  /** Whether the session itself (""), or that subagent, waits at a dialog. */
  hasDialog(agent: string): boolean;
  /** A turn, its own or a subagent's, took a step by itself: a tool begun or ended, its end. */
  stepped(): void;
  /** The last such step; another object for each. */
  step(): Step | null;
  /** When the last turn that is over began. */
  lastTurn(): EpochMs | null;
  /** Since when a turn is running whose hooks can bring mail; null: none is. While it waits for its person: now. */
  inTurn(): EpochMs | null;
  /** When it last brought something forward; null: its hooks do not tell. */
  progressAt(): EpochMs | null;
}

/** @param changed called after every sign. */
export function doing(clock: Clock, changed: () => void): Doing {
  let state = nothing(clock.now());
  let heardAt: EpochMs | null = null;
  let signAt: EpochMs | null = null;
  let progressAt: EpochMs | null = null;
  let step: Step | null = null;
  let lastTurn: EpochMs | null = null;
  function note(sign: Sign): void {
    heardAt = clock.now();
    signAt = heardAt;
    if (sign.kind === "tool") progressAt ??= 0;
    const { turn } = state;
    state = after(state, sign, heardAt);
    if (turn !== null && state.turn === null) lastTurn = turn;
    changed();
  }

  function activity(): Activity | null {
    if (heardAt === null) return null;
    const now = activityOf(state);
    const silent = Math.abs(clock.now() - heardAt) > silentMs;
    return silent && now.state === "busy" && now.on === null ? null : now;
  }

  return {
    note,
    activity,
    broken(at) {
      if (state.turn !== null && at >= state.turn) note({ kind: "end", agent: "" });
    },
    stirred() {
      if (heardAt !== null) heardAt = clock.now();
    },
    progressed() {
      progressAt = clock.now();
    },
    corrected({ status, at, waitingFor }) {
      // Of the same moment it may be the older news.
      if (signAt === null || at <= signAt + slackMs) return;
      const dialog = state.dialogs[0];
      if (status === "idle" && (state.turn !== null || dialog !== undefined)) {
        for (const { agent } of state.dialogs) state = after(state, { kind: "end", agent }, clock.now());
        note({ kind: "end", agent: "" });
      } else if (status === "busy" && dialog !== undefined) {
        for (const { agent } of state.dialogs) note({ kind: "answered", agent });
      } else if (status === "waiting" && dialog === undefined) {
        note({ kind: "dialog", about: waitingFor ?? "a question", agent: "" });
      }
    },
    inTurn() {
      if (activity() === null || state.turn === null) return null;
      return state.dialogs.some((dialog) => dialog.agent === "") ? clock.now() : state.turn;
    },
    hasDialog: (agent) => state.dialogs.some((dialog) => dialog.agent === agent),
    stepped() {
      step = { at: clock.now() };
    },
    step: () => step,
    lastTurn: () => lastTurn,
    progressAt: () => progressAt,
  };
}
