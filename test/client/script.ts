import type { Heard } from "./model.ts";

interface Call {
  readonly call: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One thing the stand-in does in an answer. After a `call`, the rest waits for the tool's result. */
export type Action =
  | { readonly say: string }
  | Call
  /** Several at once, in one answer. */
  | { readonly calls: readonly Call[] }
  | { readonly waitMs: number }
  | { readonly until: Promise<unknown> }
  | { readonly fail: number };

export type Script = (heard: Heard) => readonly Action[];

/** The plugin's tools as the client names them: `mcp__plugin_<plugin>_<server>__<tool>`. */
export const tool = (name: string) => `mcp__plugin_cc-dm_cc-dm__${name}`;

/**
 * The directives in a text, in order: `[[say TEXT]]`, `[[call TOOL {"json":1}]]`, `[[wait MS]]`,
 * `[[fail STATUS]]`. A person types them, or a message carries them. A cc-dm tool goes by its short name.
 */
export function directives(text: string): { source: string; action: Action }[] {
  return [...text.matchAll(/\[\[(say|call|wait|fail) (.*?)\]\]/gs)].map(([source, verb, rest = ""]) => ({
    source,
    action: parse(verb as "say" | "call" | "wait" | "fail", rest),
  }));
}

function parse(verb: "say" | "call" | "wait" | "fail", rest: string): Action {
  switch (verb) {
    case "say":
      return { say: rest };
    case "wait":
      return { waitMs: Number(rest) };
    case "fail":
      return { fail: Number(rest) };
    case "call": {
      const [, name = "", json = ""] = /^(\S+)\s*(.*)$/s.exec(rest) ?? [];
      const isOurs = /^[a-z]/.test(name) && !name.startsWith("mcp__");
      return { call: isOurs ? tool(name) : name, input: JSON.parse(json || "{}") as Record<string, unknown> };
    }
  }
}

/** The same directives, written by a test. */
export const call = (name: string, input: Record<string, unknown>) =>
  `[[call ${name} ${JSON.stringify(input)}]]`;

/** A request that brings a tool's result with this text; the text alone may stand in the prompt too. */
export const returned = (text: string) => (heard: Heard) =>
  heard.results.some((result) => result.text.includes(text));
