import { createHash, randomInt } from "node:crypto";
import { idOfKey, verifies } from "./keys.ts";
import type { EpochMs, Identity, SessionId } from "./model.ts";

/**
 * permission request  a client's tool prompt, relayed to others
 * verdict             an answer to it, signed by whoever gave it
 * approver            who is asked; the person at this machine always is
 */
export type Behavior = "allow" | "deny";

/**
 * open -> given (a verdict was believed and handed to the client) -> effective or overtaken (the local
 * dialog was faster), where evidence tells; or local (answered at the dialog), withdrawn (its client
 * is gone or asks no more).
 */
export type RequestState = "open" | "given" | "effective" | "overtaken" | "local" | "withdrawn";

export interface PermissionRequest extends Identity {
  /** Ours, unique. */
  readonly id: string;
  /** Five letters for typing; unique only among what is open for one approver, and not even there by force. */
  readonly letters: string;
  readonly session: SessionId;
  readonly cwd: string;
  readonly branch: string | null;
  readonly tool: string;
  readonly description: string;
  /** What the tool is to be called with, as JSON; or a preview, where the client gave no more. */
  readonly input: string;
  readonly askedAt: EpochMs;
  /** Sessions whose verdict counts, by id, and the person's key. */
  readonly asked: readonly SessionId[];
  readonly publicKey: string;
  readonly signature: string;
}

/** How far a request has come, as its own session tells. */
export interface Settlement {
  readonly state: RequestState;
  /** Who decided: a session's name, `user`, `rule 2`, `dialog`. */
  readonly by: string | null;
  readonly behavior: Behavior | null;
  readonly reason: string | null;
  readonly at: EpochMs | null;
}

export interface Verdict {
  readonly request: string;
  readonly decider: SessionId;
  readonly publicKey: string;
  readonly behavior: Behavior;
  readonly reason: string | null;
  /** Allow the same call of this session from now on. */
  readonly remember: boolean;
  readonly at: EpochMs;
  readonly signature: string;
}

/** What a requester signs. */
export function requestText(request: Omit<PermissionRequest, "publicKey" | "signature">): string {
  return JSON.stringify([
    "cc-dm/1 permission request",
    request.id,
    request.letters,
    request.session,
    request.name,
    request.role,
    request.project,
    request.cwd,
    request.branch,
    request.tool,
    request.description,
    request.input,
    request.askedAt,
    request.asked,
  ]);
}

/** What a decider signs: the answer, and through its digest the whole request, tool and input included. */
export function verdictText(
  verdict: Omit<Verdict, "publicKey" | "signature">,
  request: PermissionRequest,
): string {
  return JSON.stringify([
    "cc-dm/1 verdict",
    verdict.request,
    digest(requestText(request)),
    verdict.decider,
    verdict.behavior,
    verdict.reason,
    verdict.remember,
    verdict.at,
  ]);
}

/** Whether a row is what the session it names signed. */
export function isGenuineRequest(request: PermissionRequest): boolean {
  const { publicKey, signature, session } = request;
  return idOfKey(publicKey) === session && verifies({ publicKey, text: requestText(request), signature });
}

/** What a tool is called with, if all of it is known; null: it is a preview, or no object. */
export function wholeInput(input: string): Readonly<Record<string, unknown>> | null {
  try {
    const given: unknown = JSON.parse(input);
    const is = typeof given === "object" && given !== null && !Array.isArray(given);
    return is ? (given as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

export function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

// Those of the client: no l, which reads as a one or an I.
const alphabet = "abcdefghijkmnopqrstuvwxyz";

export function newLetters(): string {
  return Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
}

const answer = /^\s*(y|yes|n|no)\s+([a-km-z]{5})\s*$/i;

/** A text that is nothing but an answer, as one types it into the client's own relay: `yes abcde`. */
export function answerIn(text: string): { readonly behavior: Behavior; readonly letters: string } | null {
  const [, word, letters] = answer.exec(text) ?? [];
  if (word === undefined || letters === undefined) return null;
  return { behavior: /^y/i.test(word) ? "allow" : "deny", letters: letters.toLowerCase() };
}
