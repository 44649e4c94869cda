import type { EpochMs } from "../../core/model.ts";
import type { Behavior } from "../../core/permission.ts";
import type { ClientStatus } from "../../host/status.ts";
import type { Step } from "../doing.ts";
import type { HookDecision } from "../proof/transcript.ts";

export interface Signs {
  /** Null: no transcript is known, so nothing can be told. */
  readonly decisions: readonly HookDecision[] | null;
  readonly status: ClientStatus | null;
  readonly step: Step | null;
  readonly now: EpochMs;
}

// The record of a hook's decision is written 5 to 10 ms after its answer and stands in the file within 250.
const slackMs = 50;
const actedMs = 1_000;
const writtenMs = 3_000;

/** A verdict that was handed to the client, and the last step of its turns until then. */
export interface Handed {
  readonly at: EpochMs;
  readonly behavior: Behavior;
  readonly after: Step | null;
}

/**
 * What came of a verdict that our hook answered: effective if the client wrote down that a hook
 * decided; overtaken if the turn has gone on, or is over, and long enough ago, without such a record,
 * for then the person was faster. Null: nothing tells yet. (The client's status does not: it is
 * "busy" after either.)
 */
export function aftermath(
  given: Handed,
  { decisions, status, step, now }: Signs,
): "effective" | "overtaken" | null {
  if (decisions === null) return null;
  const isOurs = ({ behavior, at }: HookDecision) =>
    behavior === given.behavior && at >= given.at - slackMs && at <= given.at + actedMs;
  if (decisions.some(isOurs)) return "effective";
  const stepped = step === given.after ? null : step; // a quick client's stands in the same millisecond
  const ended = status?.status === "idle" && status.at >= given.at ? status.at : null;
  const over = Math.max(stepped?.at ?? 0, ended ?? 0);
  return over > 0 && now - over >= writtenMs ? "overtaken" : null;
}
