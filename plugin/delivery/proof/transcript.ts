import { brokenMark, isBroken, parseRecord, type TranscriptRecord } from "../../conversation/record.ts";
import { parseIso } from "../../core/clock.ts";
import { tokensIn } from "../../core/frame.ts";
import type { EpochMs } from "../../core/model.ts";

/** What records of a client's transcript (JSON lines) tell. */
export interface Told {
  /** Evidence tokens of what the model has been given. */
  readonly tokens: readonly string[];
  /** When the person last broke off a turn, with Escape or a No. No hook tells. */
  readonly brokenAt: EpochMs | null;
  /** What hooks decided about permission prompts, and the client acted upon. */
  readonly decisions: readonly HookDecision[];
}

export interface HookDecision {
  readonly behavior: "allow" | "deny";
  readonly at: EpochMs;
}

/**
 * Reads a transcript piece by piece. A record that carries mail is no evidence by itself: Escape
 * before the model's first word leaves it on a branch that the conversation does not go on from. It
 * counts when an answer, or a broken-off one, stands on it.
 */
export function transcriptReader(): (lines: string) => Told {
  /** Of records without an answer yet: the tokens on the way down to them. */
  const open = new Map<string, readonly string[]>();

  return (lines) => {
    const tokens: string[] = [];
    let brokenAt: EpochMs | null = null;
    const decisions: HookDecision[] = [];
    for (const line of lines.split("\n")) {
      // Large files, few records that matter: look before parsing.
      if (open.size === 0 && !marks.some((mark) => line.includes(mark))) continue;
      const record = parseRecord(line);
      if (record === null) continue;
      const decision = decisionOf(record);
      if (decision !== null) decisions.push(decision);
      const broken = isBroken(record);
      if (broken) brokenAt = parseIso(record.timestamp) ?? brokenAt;
      const carried = [...(open.get(record.parentUuid ?? "") ?? []), ...tokensOf(record)];
      if (carried.length === 0) continue;
      if (broken || record.type === "assistant") {
        tokens.push(...carried);
        open.delete(record.parentUuid ?? "");
      } else if (record.uuid !== undefined) open.set(record.uuid, carried);
    }
    return { tokens, brokenAt, decisions };
  };
}

const decisionType = "hook_permission_decision";
const marks = ["· ref ", brokenMark, decisionType];

/** A wake that became a turn or came in the middle of one, or what a hook added to a turn. */
function tokensOf(record: TranscriptRecord): string[] {
  const kind = record.type === "attachment" ? record.attachment?.type : undefined;
  const given = kind === "queued_command" || kind === "hook_additional_context";
  const ownTurn = record.type === "user" && record.origin?.kind === "task-notification";
  return given || ownTurn ? [...new Set(texts(record).flatMap(tokensIn))] : [];
}

/** Stands there if a hook decided, and not if the person was faster. */
function decisionOf({ type, attachment, timestamp }: TranscriptRecord): HookDecision | null {
  if (
    type !== "attachment" ||
    attachment?.type !== decisionType ||
    attachment.hookEvent !== "PermissionRequest"
  )
    return null;
  const at = parseIso(timestamp);
  const behavior = attachment.decision;
  return at === null || (behavior !== "allow" && behavior !== "deny") ? null : { behavior, at };
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
