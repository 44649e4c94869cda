import { tokensIn } from "../../core/frame.ts";
import type { EpochMs } from "../../core/model.ts";
import { neutraliseStart } from "../../core/neutral.ts";
import type { ClientStatus } from "../../host/status.ts";
import type { Consent } from "../relay/consent.ts";
import type { Relay } from "../relay/relay.ts";
import { summary } from "../words/visible.ts";
import { type Bringing, bring } from "./bring.ts";

/**
 * What the client's `mcp_tool` hooks call in this server, without a new process. These tools are in
 * no list: the model never sees them and cannot call them. Each answers hook JSON, at least `{}`:
 * an empty answer would show up as noise in every prompt.
 */
export interface HookParts extends Bringing {
  /** Notes that this client's hooks are heard. */
  readonly sight: () => Promise<void>;
  /** The client's session id is another now. */
  readonly follow: (clientSession: string) => Promise<void>;
  /** Null: this session's prompts are its own affair. */
  readonly relay: Relay | null;
  readonly consent: Consent;
  readonly clientStatus: () => ClientStatus | null;
  /** What its person should be told once, at the next chance: that its name became another. */
  readonly greeting: () => string | null;
}

type Args = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;
export type Hook = (parts: HookParts, args: Args, signal: AbortSignal) => Promise<Answer>;

/** Tools whose use needs no click; everything else asks as usual. */
export const preApproved = [
  "who",
  "dm",
  "broadcast",
  "reply",
  "inbox",
  "history",
  "register",
  "doctor",
  "approvals",
];
const toolPrefix = "mcp__plugin_cc-dm_cc-dm__";
// Finding a tool is no work; the client makes its model look up ours.
const idleTools = ["ToolSearch"];
// The client ends a turn that its hooks have prolonged eight times; other plugins may want some of these.
const mostProlonged = 4;

export const hooks: Readonly<Record<string, Hook>> = {
  /** UserPromptSubmit: proof that a wake arrived, or a chance to hand over what waits. */
  async hook_prompt(parts, args) {
    const { doing, evidence, clock, session, bus } = parts;
    const prompt = text(args.prompt);
    follow(parts, args);
    const queued = isQueued(parts);
    doing.note({ kind: "turn" });
    // The command hook at start could not tell: the bus was locked, or Bun was slow to start.
    if (session().hooksAt === null) note(parts, parts.sight());
    // Wakes fire this too, our own (which have brought everything) and those of background tasks.
    if (prompt.trimStart().startsWith("<task-notification>")) {
      // They begin a turn, or come after a step of one: what is unsure by now was taken back.
      if (parts.turn.unsure) await withdrawn(parts, clock.now());
      const tokens = tokensIn(prompt);
      if (tokens.length === 0) return {};
      parts.turn.prolonged = 0;
      const shown = await bus.handedUnder(session().id, tokens);
      note(parts, evidence.found(tokens, "prompt"));
      return told(parts, summary(shown));
    }
    if (queued) {
      // It may be taken back without a trace, and the turn that runs brings what waits.
      doing.progressed();
      return told(parts, null);
    }
    parts.turn.prolonged = 0;
    if (parts.turn.unsure) await withdrawn(parts, clock.now());
    const outlook = (await parts.relay?.outlook()) ?? null; // first: if it fails, no mail was taken yet
    const brought = await bring(parts, "UserPromptSubmit", "all");
    doing.progressed(); // after the hand-over: what comes along with a person's word is no chain
    const lines = [outlook, brought.summary].filter((line) => line !== null);
    return told(parts, lines.length === 0 ? null : lines.join("\n"), brought.context);
  },

  /** PreToolUse: the turn went on; a tool of ours costs no click. */
  async hook_tool(parts, args) {
    const tool = text(args.tool);
    const agent = text(args.agent);
    parts.doing.note({ kind: "tool", tool, agent });
    parts.doing.stepped();
    const own = tool.startsWith(toolPrefix) ? tool.slice(toolPrefix.length) : null;
    if (own === null && !idleTools.includes(tool)) parts.doing.progressed();
    if (agent === "") wentOn(parts);
    if (own === null) return {};
    const remember = text(args.remember) === "true";
    const [id, content] = [text(args.id), text(args.content)];
    const call = {
      id,
      tool: own,
      content,
      request: text(args.request),
      verdict: text(args.verdict),
      remember,
      reading:
        own === "transcript"
          ? JSON.stringify([args.session, args.last, args.query, args.turn].map(text))
          : "",
    };
    const treatment = await parts.consent.before(call);
    if (treatment === null) return {};
    return {
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: treatment.decision,
        permissionDecisionReason: treatment.reason,
      },
    };
  },

  /** PostToolBatch: what came meanwhile goes into the very next request. */
  async hook_batch(parts, args) {
    const agent = text(args.agent);
    parts.doing.note({ kind: "tools_done", agent });
    parts.doing.stepped();
    if (parts.relay?.waits() === true) note(parts, parts.relay.look()); // what came of a verdict is written by now
    if (agent !== "") return {}; // a subagent has a conversation of its own
    const brought = await bring(parts, "PostToolBatch", "pressing");
    return told(parts, brought.summary, brought.context);
  },

  /** PermissionRequest: the client waits for its person. With the relay on, others are asked too, and this waits. */
  async hook_dialog({ doing, relay, log }, args, signal) {
    const [tool, agent] = [text(args.about) || "a tool", text(args.agent)];
    doing.note({ kind: "dialog", about: tool, agent });
    if (relay === null) return {};
    const decision = await relay
      .byHook({ tool, agent, input: text(args.input), description: text(args.description) }, signal)
      .catch((error: unknown) => {
        log("relay_failed", { error: String(error) });
        return null; // the dialog is there and decides
      });
    if (decision === null) return {};
    return { hookSpecificOutput: { hookEventName: "PermissionRequest", decision } };
  },

  /** Elicitation: a server of the client asks its person. */
  async hook_elicitation({ doing }, args) {
    doing.note({ kind: "dialog", about: "a question", agent: text(args.agent) });
    return {};
  },

  /** Notification that a dialog waits: the person hears who was asked and cannot answer now. */
  async hook_waiting({ relay }) {
    const remarks = relay?.remarks() ?? [];
    if (remarks.length === 0) return {};
    // The client shows nothing else around a dialog; OSC 9 is a terminal's notice, others ignore it.
    const line = neutraliseStart(remarks.join("; "), 200);
    return { terminalSequence: `\u001b]9;cc-dm asked for permission: ${line}\u0007` };
  },

  /** ElicitationResult. */
  async hook_answered({ doing }, args) {
    doing.note({ kind: "answered", agent: text(args.agent) });
    return {};
  },

  /** Stop: the turn comes to its end, unless something arrived during its last answer. */
  async hook_stop(parts, args) {
    follow(parts, args);
    wentOn(parts);
    if (parts.turn.prolonged < mostProlonged) {
      const brought = await bring(parts, "Stop", "pressing");
      if (brought.context !== null) {
        parts.turn.prolonged++;
        return told(parts, null, brought.context); // the client shows its person the whole text here
      }
    }
    parts.doing.note({ kind: "end", agent: "" });
    note(parts, parts.evidence.look());
    return {};
  },

  /** StopFailure: an API error. What the turn was given stays in the conversation, the next request carries it. */
  async hook_failed(parts, args) {
    follow(parts, args);
    wentOn(parts);
    parts.doing.note({ kind: "end", agent: "" });
    return {};
  },

  /** SubagentStop. */
  async hook_agent_stop({ doing }, args) {
    const agent = text(args.agent);
    if (agent !== "") doing.note({ kind: "end", agent });
    return {};
  },
};

/** After `/clear` and in-session `/resume` the client's session id and transcript are others. */
function follow(parts: HookParts, { sid, transcript }: Args): void {
  if (text(transcript) !== "") parts.evidence.transcript(text(transcript));
  if (text(sid) !== "" && sid !== parts.session().clientSession) note(parts, parts.follow(text(sid)));
}

/**
 * 2.1.329 asks its hooks when a prompt is typed, even if a turn runs and the prompt has to wait. What
 * looks like a running turn may be one that Escape ended without a trace, though.
 */
function isQueued({ doing, clientStatus, turn }: HookParts): boolean {
  const status = clientStatus();
  if (status !== null) doing.corrected(status);
  if (doing.inTurn() === null) return false;
  return status === null ? !turn.unsure : status.status !== "idle";
}

/**
 * Escape before the model's first word takes a prompt back, and with it what a hook had added: no
 * request carries it any more and nothing tells. So what an earlier prompt was given and no step
 * followed is offered again.
 */
async function withdrawn({ bus, session, evidence, turn }: HookParts, now: EpochMs): Promise<void> {
  turn.unsure = false;
  await evidence.look();
  await bus.requeue(session().id, "turn", now);
}

/** The turn took a further step: what its earlier requests were given was read. */
function wentOn(parts: HookParts): void {
  parts.doing.stepped();
  parts.turn.unsure = false;
  note(parts, parts.evidence.wentOn(parts.clock.now()));
}

/** Hook JSON with a line for the person, text for the model, both or neither. */
function told(parts: HookParts, line: string | null, context: Answer | null = null): Answer {
  const message = [parts.greeting(), line].filter((part) => part !== null).join("\n");
  return {
    ...(message === "" ? {} : { systemMessage: message }),
    ...(context === null ? {} : { hookSpecificOutput: context }),
  };
}

/** Evidence is written down behind the answer: a locked bus must not hold up a prompt. */
function note({ log }: HookParts, written: Promise<unknown>): void {
  written.catch((error: unknown) => log("evidence_failed", { error: String(error) }));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
