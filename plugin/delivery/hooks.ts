import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import { handover, tokensIn } from "../core/frame.ts";
import type { Log } from "../core/log.ts";
import type { EpochMs, Session } from "../core/model.ts";
import { tail } from "../host/tail.ts";
import { receive } from "../policy/receive.ts";
import { tokensShown } from "./transcript.ts";

/**
 * What the client's `mcp_tool` hooks call in this server, without a new process. These tools are in
 * no list: the model never sees them and cannot call them. Each answers hook JSON, at least `{}`:
 * an empty answer would show up as noise in every prompt.
 */
export interface HookParts {
  /** Notes that this client's hooks are heard. */
  readonly sight: () => Promise<void>;
  readonly bus: Bus;
  readonly session: () => Session;
  readonly clock: Clock;
  readonly log: Log;
}

type Args = Readonly<Record<string, unknown>>;
export type Hook = (parts: HookParts, args: Args) => Promise<Readonly<Record<string, unknown>>>;

// A prompt waits for this hook.
const patienceMs = 100;
// More would go to a file with a preview: additionalContext is cut at 10,000 characters.
const maxChars = 9_000;

/** Tools whose use needs no click; everything else asks as usual. */
export const preApproved = ["who", "dm", "broadcast", "reply", "inbox", "history", "register"];
const toolPrefix = "mcp__plugin_cc-dm_cc-dm__";

export const hooks: Readonly<Record<string, Hook>> = {
  /** UserPromptSubmit: proof that a wake arrived, and a chance to hand over what waits. */
  async hook_prompt(parts, { sid, prompt }) {
    const { bus, session, log, clock } = parts;
    const text = typeof prompt === "string" ? prompt : "";
    note(parts, recordPrompt(parts, typeof sid === "string" ? sid : "", text, clock.now()));
    // Our own wake fires this hook too: it has brought everything already.
    if (text.trimStart().startsWith("<task-notification>") || (await bus.unread(session())) === 0) return {};
    const offers = await receive(
      { bus, session: session(), clock, log, patienceMs },
      { path: "turn", limit: 20, strict: true, maxChars },
    );
    if (offers.length === 0) return {};
    return { hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext: handover(offers) } };
  },

  /** Stop: the turn that was given context has gone on to its end. */
  async hook_stop(parts, { transcript }) {
    note(parts, recordStop(parts, typeof transcript === "string" ? transcript : ""));
    return {};
  },

  /** PreToolUse, matched to our own tools by name: a dm costs no click. */
  async hook_allow(_, { tool }) {
    const own = typeof tool === "string" && tool.startsWith(toolPrefix) ? tool.slice(toolPrefix.length) : "";
    if (!preApproved.includes(own)) return {};
    return {
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "allow",
        permissionDecisionReason: "cc-dm's own messaging tool",
      },
    };
  },
};

async function recordPrompt(
  { bus, session, sight }: HookParts,
  sid: string,
  prompt: string,
  before: EpochMs,
): Promise<void> {
  const self = session();
  // The command hook at start could not tell: the bus was locked, or Bun was slow to start.
  if (self.hooksAt === null) await sight();
  if (sid !== "" && sid !== self.clientSession) await bus.follow(self.id, sid);
  const tokens = tokensIn(prompt);
  if (tokens.length > 0) await bus.seen(self.id, tokens, "prompt");
  await bus.seenBy(self.id, "turn", "turn", before); // not what this very prompt is given
}

async function recordStop({ bus, session }: HookParts, transcript: string): Promise<void> {
  const self = session();
  await bus.seenBy(self.id, "turn", "turn");
  const unproven = await bus.unproven(self.id);
  // 2.1.240 fires no UserPromptSubmit for a wake that came with a tool's result; its transcript tells.
  if (unproven.length === 0 || transcript === "") return;
  const found = tokensShown(tail(transcript)).filter((token) => unproven.includes(token));
  if (found.length > 0) await bus.seen(self.id, found, "transcript");
}

/** Evidence is written down behind the answer: a locked bus must not hold up a prompt. */
function note({ log }: HookParts, written: Promise<unknown>): void {
  written.catch((error: unknown) => log("evidence_failed", { error: String(error) }));
}
