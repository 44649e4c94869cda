import type { Terminal } from "../../command.ts";
import { envelope } from "../../terminal/envelope.ts";
import { paint, wrap } from "../../terminal/paper.ts";
import { line } from "../../terminal/plain.ts";

/** Of every command that goes by steps. */
export const stepOptions = {
  "dry-run": { type: "boolean", short: "n", about: "Say what would be done, and do nothing" },
  client: {
    type: "string",
    value: "PATH",
    about: "Claude Code's program, if it is not claude (or CC_DM_CLIENT)",
  },
  json: { type: "boolean", about: "One JSON object instead of text" },
} as const;

/** One thing to do, and how it stands with it now. A look changes nothing. */
export interface Step {
  readonly name: string;
  look(): Outlook;
  /** @returns what was done. @throws if it could not be; nothing is half done then. */
  run(): string;
}

/** `already`: there is nothing to do; `left`: something is there that is not ours to touch. */
export type Outlook =
  | { readonly kind: "todo" | "already" | "left"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string };

export interface Result {
  readonly step: string;
  readonly state: "would" | "done" | "already" | "left" | "failed";
  readonly text: string;
}

const inks = { would: "cyan", done: "green", already: "dim", left: "yellow", failed: "red" } as const;

/** What would be done. */
export function plan(steps: readonly Step[]): readonly Result[] {
  return steps.map((step) => foreseen(step));
}

/** Does one after another; a failure keeps none of the others from being done. */
export function carryOut(steps: readonly Step[], told: (result: Result) => void): readonly Result[] {
  return steps.map((step) => {
    const result = done(step);
    told(result);
    return result;
  });
}

function foreseen(step: Step): Result {
  try {
    const { kind, text } = step.look();
    const state = kind === "todo" ? "would" : kind === "refused" ? "failed" : kind;
    return { step: step.name, state, text };
  } catch (error) {
    return failed(step, error);
  }
}

function done(step: Step): Result {
  const before = foreseen(step);
  if (before.state !== "would") return before;
  try {
    return { step: step.name, state: "done", text: step.run() };
  } catch (error) {
    return failed(step, error);
  }
}

function failed({ name }: Step, error: unknown): Result {
  return { step: name, state: "failed", text: error instanceof Error ? error.message : String(error) };
}

const before = 2 + "already".length + 2;
const longestName = "marketplace".length + 2;

export function resultText({ step, state, text }: Result, terminal: Terminal): string {
  const gap = before + longestName;
  const narrow = terminal.columns - gap < 30;
  const lines = text.split("\n").flatMap((one) => wrap(line(one), terminal.columns - (narrow ? 4 : gap)));
  const head = `  ${paint(terminal, inks[state], state.padEnd(before - 2))}${step.padEnd(longestName)}`;
  const [first = "", ...rest] = lines;
  const indent = " ".repeat(narrow ? 4 : gap);
  const shown = narrow
    ? [head.trimEnd(), ...lines.map((one) => indent + one)]
    : [head + first, ...rest.map((one) => indent + one)];
  return `${shown.join("\n")}\n`;
}

export function resultsJson(terminal: Terminal, dryRun: boolean, results: readonly Result[]): string {
  const ok = results.every(({ state }) => state !== "failed");
  return envelope(terminal, { dry_run: dryRun, ok, steps: results });
}

export function exitOf(results: readonly Result[]): number {
  return results.some(({ state }) => state === "failed") ? 1 : 0;
}
