import type { Clock } from "../core/clock.ts";
import type { Condition, EpochMs, Reach } from "../core/model.ts";
import type { Doing } from "./doing.ts";
import { mostTries } from "./paths/pump.ts";
import { dueBefore, type Evidence } from "./proof/evidence.ts";

export interface AttentionParts {
  readonly clock: Clock;
  readonly doing: Doing;
  readonly evidence: Evidence;
  /** The channel is open, and nothing shows that its events are dropped. */
  readonly pushes: () => boolean;
  /** The client is asked to fetch mail by its wake file, and is known to watch it. */
  readonly wakes: () => boolean;
  /** Since when it has been asked and did not come. */
  readonly unanswered: () => EpochMs | null;
  readonly hooksHeard: () => boolean;
}

export interface Attention {
  /** Until then nothing starts a turn; null: anything may. */
  quiet(until: EpochMs | null): void;
  isQuiet(): boolean;
  condition(): Condition;
}

/** How this session can be reached now, and whether it wants to be. */
export function attention(parts: AttentionParts): Attention {
  const { clock, doing, evidence } = parts;
  let until: EpochMs | null = null;
  const isQuiet = () => until !== null && clock.now() < until;

  function reach(): Reach {
    if (parts.pushes()) return "push";
    if (evidence.misses() >= mostTries) return "deaf";
    if (parts.wakes() && answers()) return "wake";
    return parts.hooksHeard() ? "turn" : "pull";
  }

  /** Asked while idle, a client comes within a second; one that is busy may take its time. */
  function answers(): boolean {
    const asked = parts.unanswered();
    const due = dueBefore(doing, clock.now());
    return asked === null || due === null || asked > due;
  }

  return {
    isQuiet,
    quiet(moment) {
      until = moment;
    },
    condition: () => ({
      activity: doing.activity(),
      reach: reach(),
      quietUntil: isQuiet() ? until : null,
    }),
  };
}
