import type { Clock } from "../../core/clock.ts";
import type { Keys } from "../../core/keys.ts";
import type { EpochMs, Session } from "../../core/model.ts";
import { neutraliseLine } from "../../core/neutral.ts";
import {
  digest,
  type PermissionRequest,
  requestText,
  type Verdict,
  wholeInput,
} from "../../core/permission.ts";
import type { Approvers } from "../../policy/approval.ts";
import type { Noted } from "../../policy/verdict.ts";
import type { Handed } from "./aftermath.ts";

/** A prompt of this server's own client, as one of its two ways tells it. */
export interface Prompt {
  readonly tool: string;
  readonly description: string;
  /** JSON of the tool's input; by the channel a preview of it. */
  readonly input: string;
  /** The subagent that asks; "" for the session itself. */
  readonly agent: string;
}

/** What the client's hook is answered; null: nothing, the dialog decides. */
export type Decision =
  | { readonly behavior: "allow" }
  | { readonly behavior: "deny"; readonly message: string };

/** A prompt that was put to others, and how far it has come. */
export interface Held {
  noted: Noted;
  readonly prompt: Prompt;
  readonly approvers: Approvers;
  readonly since: EpochMs;
  answer: ((decision: Decision | null) => void) | null;
  channelId: string | null;
  /** Its client runs our hooks, which tell when the dialog is gone. */
  byHook: boolean;
  /** The client ended the hook's call: denied at the dialog, or the turn broken off. Nothing else tells of a denial. */
  denied: boolean;
  given:
    | (Handed & {
        readonly by: string;
        readonly reason: string | null;
        /** For the same call from now on. */
        readonly lasting: boolean;
        /** Whether the client's records will tell what came of it; not where another dialog is open beside it. */
        readonly told: boolean;
      })
    | null;
}

interface Signing {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly newId: (now: number) => string;
  readonly self: () => Session;
}

export function sign(
  { self, keys, clock, newId }: Signing,
  { tool, description, input }: Prompt,
  letters: string,
  asked: readonly string[],
): PermissionRequest {
  const { id: session, name, role, project, cwd, branch } = self();
  const now = clock.now();
  const plain = {
    id: newId(now),
    letters,
    session,
    name,
    role,
    project,
    cwd,
    branch,
    tool: tool.toWellFormed(),
    description: description.toWellFormed(),
    input: input.toWellFormed(),
    askedAt: now,
    asked,
  };
  return { ...plain, publicKey: keys.publicKey, signature: keys.sign(requestText(plain)) };
}

/** The same call again is the same text. */
export function callOf({ tool, input }: Pick<PermissionRequest, "tool" | "input">): string {
  return digest(JSON.stringify([tool, input]));
}

export function decisionOf({ behavior, reason }: Pick<Verdict, "behavior" | "reason">, by: string): Decision {
  if (behavior === "allow") return { behavior };
  const why = reason === null ? "" : `: ${neutraliseLine(reason)}`;
  return { behavior, message: `Denied by ${by}, asked through cc-dm${why}` };
}

// The channel's event and the hook of one prompt come within milliseconds of each other.
export const joinMs = 2_000;

const previewChars = 200;
const leastHead = 20;

/** Whether two ways speak of one call: the same input, or a cut preview at the beginning of it. */
export function isSameInput(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [wholeInput(a), wholeInput(b)];
  if (one !== null && other !== null) return JSON.stringify(one) === JSON.stringify(other);
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const isCut = short.length >= previewChars || /(…|\.\.\.)$/.test(short);
  const head = short.replace(/(…|\.\.\.)$/, "");
  return isCut && head.length >= leastHead && long.startsWith(head);
}

/**
 * Dialogs that are never put to others: questions with answers only this person can give, and our own
 * tools; or the click that a verdict costs could itself be given by another session.
 */
export function isPersonal(tool: string): boolean {
  return ["AskUserQuestion", "ExitPlanMode"].includes(tool) || /^mcp__.*cc-dm__/.test(tool);
}

/** Of a verdict by the channel nothing tells what came of it, of a subagent's another transcript. */
export function isTold({ byHook, prompt }: Held): boolean {
  return byHook && prompt.agent === "";
}

/** As it was called when it was asked: a row may be rewritten to bear another's name. */
export function nameOf(decider: string, entry: Held | undefined): string {
  const noted = entry?.approvers.asked.find(({ session }) => session.id === decider);
  return noted?.session.name ?? `session ${decider}`;
}
