import { lstatSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { basename, delimiter, dirname } from "node:path";
import { aloneInShell } from "../../../host/alone.ts";
import { isLauncher, launcherMark, pointTo, targetOf, versionIn } from "../../../host/link.ts";
import { onPath, realPath } from "../../../host/programs.ts";
import { writeWhole } from "../../../host/whole.ts";
import type { Terminal } from "../../command.ts";
import { quoteForSh } from "../../run/quote.ts";
import { type Places, short } from "./places.ts";
import { makeFolders, note, readRecord } from "./record.ts";
import type { Outlook, Step } from "./steps.ts";

/** The long-lived link to the plugin's folder. `root` is asked late: the plugin may just have been installed. */
export function addLink({ link, home, record }: Places, { env }: Terminal, root: () => string | null): Step {
  return {
    name: "link",
    look() {
      const target = root();
      const shown = `${short(link, env)} → ${target === null ? "the installed plugin" : short(target, env)}`;
      if (target !== null && targetOf(link) === target) return { kind: "already", text: shown };
      if (isThere(link) && targetOf(link) === null)
        return { kind: "refused", text: `${link} is there and is no link. Move it away and run this again.` };
      return { kind: "todo", text: `Make the link ${shown}` };
    },
    run() {
      const target = root();
      if (target === null) throw new Error("The plugin's folder is not known: it is not installed.");
      note({ record, home }, {}); // the folder, private
      pointTo(link, target);
      return `${short(link, env)} → ${short(target, env)}`;
    },
  };
}

export function addEntry(places: Places, { env }: Terminal): Step {
  const { entry, command } = places;
  const folder = dirname(entry);
  const shown = `${short(entry, env)} → ${short(command, env)}`;
  const onIt = (env.PATH ?? "")
    .split(delimiter)
    .some((one) => one === folder || realPath(one) === realPath(folder));
  const how = onIt ? "" : `\n${short(folder, env)} is not on your PATH; ${pathLine(env.SHELL)}`;
  // Without Node nothing would understand the first line of cli.js.
  const needsShell = onPath("node", env.PATH ?? "").length === 0;
  return {
    name: "path",
    look() {
      if (!isThere(entry)) return { kind: "todo", text: `Make the command ${shown}${how}` };
      if (!isOurs(places))
        return {
          kind: "refused",
          text: `${entry} is there and is not cc-dm's. Move it away and run this again, or leave the PATH alone with --no-path.`,
        };
      if (needsShell ? isThisLauncher(places) : targetOf(entry) === command)
        return { kind: "already", text: `${shown}${how}` };
      return { kind: "todo", text: `Turn the command to ${shown}${how}` };
    },
    run() {
      const made = makeFolders(folder);
      if (needsShell) writeWhole(entry, launcher(places), 0o755);
      else pointTo(entry, command);
      note(places, { made: [...(readRecord(places).made ?? []), ...made] });
      return `${shown}${how}`;
    },
  };
}

export function removeEntry(places: Places, { env }: Terminal): Step {
  return {
    name: "path",
    look(): Outlook {
      const shown = short(places.entry, env);
      if (!isThere(places.entry)) return { kind: "already", text: `${shown} is not there` };
      if (!isOurs(places)) return { kind: "left", text: `${shown} is not cc-dm's, and stays` };
      return { kind: "todo", text: `Remove ${shown}` };
    },
    run() {
      rmSync(places.entry);
      for (const folder of [...(readRecord(places).made ?? [])].reverse()) removeIfEmpty(folder);
      return `${short(places.entry, env)} is removed`;
    },
  };
}

export function removeLink({ link }: Places, { env }: Terminal): Step {
  return {
    name: "link",
    look(): Outlook {
      const shown = short(link, env);
      if (!isThere(link)) return { kind: "already", text: `${shown} is not there` };
      if (targetOf(link) === null) return { kind: "left", text: `${shown} is no link, and stays` };
      return { kind: "todo", text: `Remove ${shown}` };
    },
    run() {
      rmSync(link);
      return `${short(link, env)} is removed`;
    },
  };
}

function launcher({ command }: Places): string {
  return `#!/bin/sh\n${launcherMark}\nexec bun ${aloneInShell} ${quoteForSh(command)} "$@"\n`;
}

function isThisLauncher(places: Places): boolean {
  return isLauncher(places.entry) && readFileSync(places.entry, "utf8") === launcher(places);
}

/** What an install made, or a person who followed the docs: a link to some copy's cli.js, or our launcher. */
function isOurs({ entry, command }: Places): boolean {
  const target = targetOf(entry);
  if (target === command) return true;
  if (target === null) return isLauncher(entry);
  const real = realPath(target);
  return basename(real) === "cli.js" && versionIn(dirname(dirname(real))) !== null;
}

function pathLine(shell: string | undefined): string {
  const name = basename(shell ?? "");
  if (name === "fish") return "add it with:\nfish_add_path ~/.local/bin";
  const file = { zsh: "~/.zshrc", bash: "~/.bashrc" }[name] ?? "your shell's start file";
  // On a line of its own, to be copied.
  return `add this line to ${file}, and open a new terminal:\nexport PATH="$HOME/.local/bin:$PATH"`;
}

export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something lies there by now, or it is gone.
  }
}
