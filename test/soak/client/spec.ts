/**
 * What kind of client a session of the soak has.
 *
 * plain    any MCP program that shows channel events and answers pings
 * puller   any MCP program that shows nothing by itself and calls inbox now and then
 * claude   plays Claude Code's side of hooks/hooks.json; channels are off, as they are by default
 * older    the same as version 2.1.240 does it: no UserPromptSubmit for a wake that comes in mid-turn
 * deceived the same, started with the channel on, and drops every channel event in silence
 */
export const kinds = ["plain", "puller", "claude", "older", "deceived"] as const;
export type Kind = (typeof kinds)[number];

export function hasHooks(kind: Kind): boolean {
  return kind !== "plain" && kind !== "puller";
}

export interface Spec {
  readonly name: string;
  readonly kind: Kind;
  readonly project: string | null;
  /** How often this name was started before. */
  readonly run: number;
  /** The folder of the whole soak; the bus lies in it. */
  readonly home: string;
  /** The plugin's root: hooks/hooks.json and dist/. */
  readonly plugin: string;
}

/** Asked of a client by the conductor, a JSON line each on its stdin. */
export type Order =
  | {
      readonly do: "send";
      readonly tool: "dm" | "broadcast";
      readonly args: Readonly<Record<string, unknown>>;
    }
  /** Answers something it was shown, else writes to `to`. */
  | { readonly do: "reply"; readonly to: string }
  | { readonly do: "inbox" }
  /** Its person types something. */
  | { readonly do: "prompt" }
  /** Its person types something and presses Escape before the model has said a word. */
  | { readonly do: "escape" }
  | { readonly do: "clear" }
  /** The next wake hook is killed after so many milliseconds. */
  | { readonly do: "kill hook"; readonly afterMs: number }
  /** Dies as soon as its model was shown something, before it can prove it. */
  | { readonly do: "die unproved" }
  | { readonly do: "leave" };

/** Said by a client, a JSON line each on its stdout. */
export type Word =
  | { readonly say: "joined"; readonly name: string; readonly serverPid: number }
  | { readonly say: "failed"; readonly why: string };

/** One line of a client's log. What it was shown is written here before anything else is done with it. */
export type Line = { readonly t: number; readonly name: string; readonly run: number } & Entry;

export type Entry =
  | { readonly what: "joined"; readonly as: string; readonly serverPid: number }
  | { readonly what: "server gone" }
  | { readonly what: "calls"; readonly n: number; readonly tool: string }
  | { readonly what: "sent"; readonly n: number; readonly id: string; readonly to: readonly string[] }
  | { readonly what: "refused"; readonly n: number; readonly code: string }
  | { readonly what: "shown"; readonly id: string; readonly path: string; readonly repeat: boolean }
  /** From here on the server has what proves that these were shown. */
  | { readonly what: "proved"; readonly ids: readonly string[]; readonly how: string }
  | { readonly what: "hook killed" }
  | { readonly what: "escape" }
  | { readonly what: "clear" }
  | { readonly what: "hook failed"; readonly hook: string; readonly why: string };
