import { rmSync } from "node:fs";
import { join } from "node:path";
import { add, find, remove, replace } from "../../../core/jsontext.ts";
import { aloneInShell } from "../../../host/alone.ts";
import { privateFolder } from "../../../host/folder.ts";
import { writeWhole } from "../../../host/whole.ts";
import type { Terminal } from "../../command.ts";
import { quoteForSh } from "../../run/quote.ts";
import { objectIn, rewrite, textOf } from "./file.ts";
import { type Places, short } from "./places.ts";
import type { Outlook, Step } from "./steps.ts";

/** Kept beside the bus: what stood in the settings, and what we wrote there. */
interface Kept {
  /** The person's own command, which ours runs first; null: there was none. */
  readonly command: string | null;
  /** How it was written, so that it comes back letter for letter. */
  readonly token: string | null;
  /** Ours. */
  readonly wrote: string;
}

// Mail wakes an idle session, which draws the line anew; this is for the person's own mail. A look costs
// 35 ms of processor.
const refreshSeconds = 10;

/** Where the person has a status line, it goes on by itself once ours, or Bun, is gone: both may be deleted without a word to these settings. */
function ownCommand({ link, statusline }: Places, theirs: string | null): string {
  const file = quoteForSh(join(link, "dist", "statusline.js"));
  const program = `bun ${aloneInShell} ${file}`;
  if (theirs === null) return program;
  const ours = `exec ${program} --before ${quoteForSh(statusline)}`;
  return `if [ -e ${file} ] && command -v bun >/dev/null; then ${ours}; else eval ${quoteForSh(theirs)}; fi`;
}

const mentionsUs = (command: string) => /dist\/statusline\.js/.test(command) && /cc-dm/.test(command);

type Now =
  | { readonly is: "none" | "ours" }
  | { readonly is: "theirs"; readonly command: string }
  | { readonly is: "odd" };

function now({ settings }: Places, text: string | null): Now {
  if (text === null) return { is: "none" };
  const { statusLine } = objectIn(settings, text);
  if (statusLine === undefined || statusLine === null) return { is: "none" };
  const { type, command } = statusLine as { type?: unknown; command?: unknown };
  if (type !== "command" || typeof command !== "string") return { is: "odd" };
  return mentionsUs(command) ? { is: "ours" } : { is: "theirs", command };
}

export function addStatusline(places: Places, { env }: Terminal): Step {
  const { settings, statusline, home } = places;
  const shown = short(settings, env);
  return {
    name: "statusline",
    look(): Outlook {
      const { is } = now(places, textOf(settings));
      if (is === "ours") return { kind: "already", text: `${shown} shows it` };
      if (is === "odd")
        return {
          kind: "refused",
          text: `The "statusLine" in ${shown} is none that runs a command. Remove it and run this again. Nothing was changed.`,
        };
      return {
        kind: "todo",
        text: is === "theirs" ? `Put it behind your own status line in ${shown}` : `Set it in ${shown}`,
      };
    },
    run() {
      const from = textOf(settings);
      const found = now(places, from);
      const theirs = found.is === "theirs" ? found.command : null;
      const wraps = theirs !== null;
      const wrote = ownCommand(places, theirs);
      const at = from === null ? null : find(from, "statusLine", "command");
      const token = wraps && from !== null && at !== null ? from.slice(at.value.start, at.value.end) : null;
      const kept: Kept = { command: theirs, token, wrote };
      privateFolder(home.folder);
      writeWhole(statusline, `${JSON.stringify(kept, null, 2)}\n`);
      try {
        rewrite({ path: settings, from, to: withOurs(from, wrote, wraps) });
      } catch (error) {
        rmSync(statusline, { force: true });
        throw error;
      }
      return wraps ? `It stands behind your own status line in ${shown}` : `It is set in ${shown}`;
    },
  };
}

function withOurs(text: string | null, command: string, wraps: boolean): string {
  const whole = { type: "command", command, refreshInterval: refreshSeconds };
  if (text === null) return `${JSON.stringify({ statusLine: whole }, null, 2)}\n`;
  const own = find(text, "statusLine", "command");
  if (wraps && own !== null) return replace(text, own.value, JSON.stringify(command));
  const empty = find(text, "statusLine"); // null
  return add(empty === null ? text : remove(text, empty), "statusLine", whole);
}

export function removeStatusline(places: Places, { env }: Terminal): Step {
  const { settings, statusline } = places;
  const shown = short(settings, env);
  return {
    name: "statusline",
    look(): Outlook {
      const text = textOf(settings);
      const { is } = now(places, text);
      const kept = keptIn(statusline);
      if (is === "none" || is === "odd") return { kind: "already", text: `${shown} does not show it` };
      if (is === "theirs") return { kind: "already", text: `${shown} has a status line that is not ours` };
      const command = commandIn(text);
      if (kept?.wrote === command || command === ownCommand(places, null))
        return {
          kind: "todo",
          text: kept?.token ? `Restore your own status line in ${shown}` : `Remove it from ${shown}`,
        };
      return {
        kind: "left",
        text: `The status line in ${shown} was changed since: ${JSON.stringify(command)}. It stays; edit it yourself.${kept?.command ? ` Yours was: ${JSON.stringify(kept.command)}` : ""}`,
      };
    },
    run() {
      const from = textOf(settings) ?? "{}";
      const kept = keptIn(statusline);
      const own = find(from, "statusLine", "command");
      const member = find(from, "statusLine");
      if (own === null || member === null) throw new Error(`${shown} has no status line any more.`);
      const to = kept?.token ? replace(from, own.value, kept.token) : remove(from, member);
      rewrite({ path: settings, from, to });
      rmSync(statusline, { force: true });
      return kept?.token ? `Your own status line is back in ${shown}` : `It is removed from ${shown}`;
    },
  };
}

function commandIn(text: string | null): string | null {
  const at = text === null ? null : find(text, "statusLine", "command");
  return text === null || at === null
    ? null
    : (JSON.parse(text.slice(at.value.start, at.value.end)) as string);
}

function keptIn(file: string): Kept | null {
  try {
    return JSON.parse(textOf(file) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}
