import { existsSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { find, remove } from "../../../core/jsontext.ts";
import { writeWhole } from "../../../host/whole.ts";
import type { Terminal } from "../../command.ts";
import { objectIn, rewrite, textOf } from "./file.ts";
import { marketplace, type Places, plugin, short } from "./places.ts";
import { note, readRecord } from "./record.ts";
import type { Step } from "./steps.ts";

/** Before anybody edits them, the client's own commands included, which lay the whole file out anew. */
export function keepSettings(places: Places): void {
  const { settings, backup } = places;
  if (existsSync(backup) || readRecord(places).settings === false) return; // of an install before
  const text = textOf(settings);
  // Piped from the network, install.sh has the client install first: what is only ours was not there.
  const there = text !== null && !(mentionsUs(settings, text) && isNothing(settings, text));
  if (there) writeWhole(backup, text);
  note(places, { settings: there });
}

/** Where the client's commands write, and what of it is ours. */
const entries = [
  ["enabledPlugins", plugin],
  ["extraKnownMarketplaces", marketplace],
] as const;

type Settings = Readonly<Record<string, unknown>>;

function inner(all: Settings, key: string): Settings | null {
  const value = all[key];
  return typeof value === "object" && value !== null ? (value as Settings) : null;
}

function mentionsUs(path: string, text: string): boolean {
  const all = objectIn(path, text);
  return entries.some(([key, ours]) => Object.hasOwn(inner(all, key) ?? {}, ours));
}

/** Without what is ours, and without the empty objects that the client leaves of it. */
function others(path: string, text: string): Settings {
  const kept = Object.entries(objectIn(path, text)).flatMap(([key, value]): [string, unknown][] => {
    const ours = entries.find(([place]) => place === key)?.[1];
    if (ours === undefined || typeof value !== "object" || value === null) return [[key, value]];
    const rest = Object.entries(value).filter(([name]) => name !== ours);
    return rest.length === 0 ? [] : [[key, Object.fromEntries(rest)]];
  });
  return Object.fromEntries(kept);
}

function isNothing(path: string, text: string): boolean {
  return Object.keys(others(path, text)).length === 0;
}

/** The text that the settings had before, or the one nearest to it; null: they were not there. */
function earlier(now: string, before: string | null, path: string): string | null {
  if (before === null || !mentionsUs(path, before)) return before;
  const left = (text: string, key: string) => {
    const member = find(text, key);
    return member !== null && text.slice(member.value.start, member.value.end) === "{}"
      ? remove(text, member)
      : text;
  };
  return entries.reduce((text, [key]) => left(text, key), now);
}

/**
 * The client's settings as they were before install, byte for byte, if they still say the same. If the
 * person changed something since, they stay, and so does the copy from before.
 */
export function restoreSettings(places: Places, { env }: Terminal, purge: boolean): Step {
  const { settings, backup } = places;
  const shown = short(settings, env);
  const isNew = () => readRecord(places).settings === false;

  function restore(): boolean {
    const now = textOf(settings);
    if (now === null) return true;
    const before = textOf(backup);
    const had = before === null ? {} : others(backup, before);
    if (!isDeepStrictEqual(others(settings, now), had)) return false;
    const to = earlier(now, before, backup);
    if (to === null) rmSync(settings);
    else if (to !== now) rewrite({ path: settings, from: now, to });
    return true;
  }

  return {
    name: "settings",
    look: () =>
      existsSync(backup) || isNew()
        ? {
            kind: "todo",
            text: `Bring ${shown} back to its form from before, if nothing else in it has changed`,
          }
        : { kind: "already", text: `${shown} is not ours to touch` },
    run() {
      const restored = restore();
      if (!restored && existsSync(backup) && !purge)
        return `${shown} has changed since and stays as it is; how it was before is kept in ${short(backup, env)}`;
      rmSync(backup, { force: true });
      return restored ? `${shown} is as it was before` : `${shown} has changed since and stays as it is`;
    },
  };
}

/** A copy of what nobody changed is of no use. */
export function dropBackup({ settings, backup }: Places): void {
  if (existsSync(backup) && textOf(settings) === textOf(backup)) rmSync(backup);
}
