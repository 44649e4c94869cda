import type { Clock } from "../core/clock.ts";
import type { Activity, EpochMs } from "../core/model.ts";
import { activityOf, after, nothing, type Sign } from "../policy/activity.ts";

// A turn can be broken off without a trace (Escape before the first word), and nobody thinks that long in silence.
const silentMs = 10 * 60_000;

/** What this server's client is doing, as far as it was told. */
export interface Doing {
  note(sign: Sign): void;
  /** The turn was broken off at this moment; told late, it may be about an earlier one. */
  broken(at: EpochMs): void;
  /** A sign of life that tells nothing new, such as a growing transcript. */
  stirred(): void;
  /** The person spoke, or a tool other than ours was used: what is written now is more than an answer. */
  progressed(): void;
  /** A dialog that waits while nothing else runs: no other tool, no subagent. Null: none, or others run too. */
  loneDialog(): { readonly about: string; readonly since: EpochMs; readonly agent: string } | null;
  /** Null: nothing was told yet, or not for long. */
  activity(): Activity | null;
  /** Since when a turn is running whose hooks can bring mail; null: none is. While it waits for its person: now. */
  inTurn(): EpochMs | null;
  /** When it last brought something forward; null: its hooks do not tell. */
  progressAt(): EpochMs | null;
}

/** @param changed called after every sign. */
export function doing(clock: Clock, changed: () => void): Doing {
  let state = nothing(clock.now());
  let heardAt: EpochMs | null = null;
  let progressAt: EpochMs | null = null;
  /** Whose tools were begun and not heard to end, "" for the session itself. */
  let tools: readonly string[] = [];

  function note(sign: Sign): void {
    heardAt = clock.now();
    if (sign.kind === "tool") tools = [...tools, sign.agent];
    else if (sign.kind === "tools_done" || sign.kind === "end")
      tools = tools.filter((agent) => agent !== sign.agent);
    else if (sign.kind === "turn") tools = tools.filter((agent) => agent !== "");
    if (sign.kind === "tool") progressAt ??= 0;
    state = after(state, sign, heardAt);
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
    loneDialog() {
      const [dialog, other] = state.dialogs;
      const alone = other === undefined && tools.length === 1 && tools[0] === dialog?.agent;
      return dialog !== undefined && alone ? dialog : null;
    },
    inTurn() {
      if (activity() === null || state.turn === null) return null;
      return state.dialogs.some((dialog) => dialog.agent === "") ? clock.now() : state.turn;
    },
    progressAt: () => progressAt,
  };
}
