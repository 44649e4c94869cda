import type { HookAnswer, Hooks, Vars } from "./hooks.ts";
import type { Transcript } from "./transcript.ts";

/** What starts a turn, or happens between two. */
export type Input =
  | { readonly kind: "wake"; readonly text: string }
  | { readonly kind: "prompt"; readonly act?: () => Promise<string>; readonly tool?: string }
  | { readonly kind: "escape" }
  | { readonly kind: "clear"; readonly run: () => Promise<void> };

export interface TurnParts {
  readonly hooks: Hooks;
  readonly transcript: () => Transcript;
  /** UserPromptSubmit fires for a wake that comes in mid-turn. */
  readonly tellsAbsorption: boolean;
  /** The model reads this now. @returns the ids of the messages in it. */
  readonly show: (text: string, path: string) => readonly string[];
  readonly proved: (ids: readonly string[], how: string) => void;
  readonly pause: (ms: number) => Promise<void>;
  /** The client's note to itself. */
  readonly status: (is: "idle" | "busy") => void;
  readonly onEscape: () => void;
}

export interface Turns {
  add(input: Input): void;
  /** Never resolves. */
  run(): Promise<never>;
}

const stopCap = 8;
const statusMs = 40;

/** The client's loop: one turn after another, each a few steps long; what comes meanwhile waits its turn. */
export function turns(parts: TurnParts): Turns {
  const { hooks, transcript, show, proved, pause } = parts;
  const inputs: Input[] = [];
  let resume: (() => void) | null = null;
  // Shown by a hook's context; proved when the turn goes on to its end.
  let given: string[] = [];

  function add(input: Input): void {
    if (input.kind === "wake") transcript().enqueued(input.text);
    inputs.push(input);
    resume?.();
  }

  async function next(): Promise<Input> {
    while (inputs.length === 0) {
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    }
    return inputs.shift() as Input;
  }

  function take(event: string, answers: readonly HookAnswer[]): boolean {
    let more = false;
    for (const { additionalContext, reason } of answers) {
      const text = reason ?? additionalContext;
      if (text === undefined) continue;
      more = true;
      transcript().context(event, text);
      given.push(...show(text, `turn (${event})`));
    }
    return more;
  }

  const notification = (text: string) =>
    `<task-notification>\n<summary>Stop hook feedback</summary>\n</task-notification>\n<system-reminder>\nStop hook blocking error from command "FileChanged": ${text}\n</system-reminder>`;

  /** One call of a tool with everything around it. */
  async function step(tool: string, act: () => Promise<string>): Promise<void> {
    const vars: Vars = {
      tool_name: tool,
      tool_use_id: `toolu_${Math.random()}`,
      tool_input: "{}",
      agent_id: "",
    };
    await hooks.fire("PreToolUse", vars);
    const result = await act();
    transcript().toolResult(result);
    take("PostToolUse", await hooks.fire("PostToolUse", { ...vars, tool_response: result }));
    const { tool_name: _, ...batch } = vars;
    take("PostToolBatch", await hooks.fire("PostToolBatch", batch));
    for (;;) {
      const wake = inputs.findIndex((input) => input.kind === "wake");
      const [input] = wake < 0 ? [] : inputs.splice(wake, 1);
      if (input?.kind !== "wake") break;
      await absorb(input.text);
    }
    transcript().assistant();
  }

  async function absorb(text: string): Promise<void> {
    const prompt = notification(text);
    transcript().absorbed(prompt);
    const ids = show(text, "wake");
    if (!parts.tellsAbsorption) return;
    take("UserPromptSubmit", await hooks.fire("UserPromptSubmit", { prompt }));
    proved(ids, "prompt");
  }

  async function begin(input: Exclude<Input, { kind: "clear" }>): Promise<boolean> {
    if (input.kind === "wake") {
      const prompt = notification(input.text);
      transcript().wake(prompt);
      const ids = show(input.text, "wake");
      take("UserPromptSubmit", await hooks.fire("UserPromptSubmit", { prompt }));
      proved(ids, "prompt");
      return true;
    }
    transcript().prompt("go on");
    const answers = await hooks.fire("UserPromptSubmit", { prompt: "go on" });
    if (input.kind === "escape") {
      // The request had hardly gone out: the file has the record, no model ever reads it again.
      for (const { additionalContext } of answers) {
        if (additionalContext !== undefined) transcript().context("UserPromptSubmit", additionalContext);
      }
      transcript().rewind();
      parts.onEscape();
      return false;
    }
    take("UserPromptSubmit", answers);
    return true;
  }

  async function turn(input: Input): Promise<void> {
    if (input.kind === "clear") return input.run();
    if (!(await begin(input))) return;
    transcript().assistant();
    if (input.kind === "prompt" && input.act !== undefined) await step(input.tool ?? "", input.act);
    for (let steps = Math.floor(Math.random() * 3); steps > 0; steps--) {
      await step("Bash", async () => {
        await pause(50 + Math.random() * 400);
        return "done";
      });
    }
    for (let stops = 0; stops <= stopCap; stops++) {
      const said = given;
      given = [];
      const answers = await hooks.fire("Stop", { stop_hook_active: `${stops > 0}`, background_tasks: "[]" });
      proved(said, "stop");
      if (!take("Stop", answers)) break;
      transcript().assistant();
    }
  }

  return {
    add,
    async run() {
      for (;;) {
        const input = await next();
        // As measured: after the prompt's hook was asked, and after the turn's end; a wake's turn is noted before.
        const later = input.kind === "wake" ? null : setTimeout(() => parts.status("busy"), statusMs);
        if (later === null) parts.status("busy");
        await turn(input);
        if (later !== null) clearTimeout(later);
        if (input.kind === "escape") await pause(2 * statusMs);
        parts.status("idle");
        if (input.kind === "escape") await pause(statusMs); // nobody types that fast
      }
    },
  };
}
