import { copyFileSync, existsSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Terminal } from "../../command.ts";
import { objectIn, rewrite, textOf } from "./file.ts";
import { type Places, short } from "./places.ts";
import { note, readRecord } from "./record.ts";
import type { Step } from "./steps.ts";

/** Before anybody edits them, the client's own commands included, which lay the whole file out anew. */
export function keepSettings(places: Places): void {
  const { settings, backup } = places;
  if (existsSync(backup) || readRecord(places).settings === false) return; // of an install before
  const there = existsSync(settings);
  if (there) copyFileSync(settings, backup);
  note(places, { settings: there });
}

/** What the client's commands leave behind in its settings, once nothing of ours is in them any more. */
const leavings = ["enabledPlugins", "extraKnownMarketplaces"];

/**
 * The client's settings as they were before install, byte for byte, if they still say the same. If the
 * person changed something since, they stay, and so does the copy from before.
 */
export function restoreSettings(places: Places, { env }: Terminal, purge: boolean): Step {
  const { settings, backup } = places;
  const before = () => (existsSync(backup) ? textOf(backup) : null);
  const same = (): boolean => {
    const now = textOf(settings);
    if (now === null) return false;
    const earlier = before();
    const had = earlier === null ? {} : objectIn(backup, earlier);
    const has = Object.entries(objectIn(settings, now)).filter(
      ([key, value]) => !(leavings.includes(key) && isDeepStrictEqual(value, {}) && had[key] === undefined),
    );
    return isDeepStrictEqual(Object.fromEntries(has), had);
  };
  const shown = short(settings, env);
  return {
    name: "settings",
    look() {
      const existed = readRecord(places).settings;
      if (!existsSync(backup) && existed !== false)
        return { kind: "already", text: `${shown} is not ours to touch` };
      return {
        kind: "todo",
        text: `Bring ${shown} back to its form from before, if nothing else in it has changed`,
      };
    },
    run() {
      const existed = readRecord(places).settings;
      if (same() && existed === false) rmSync(settings);
      else if (same()) {
        const [from, to] = [textOf(settings), before()];
        if (to !== null && from !== to) rewrite({ path: settings, from, to });
      } else if (existsSync(backup) && !purge)
        return `${shown} has changed since and stays as it is; how it was before is kept in ${short(backup, env)}`;
      else if (existsSync(settings)) {
        rmSync(backup, { force: true });
        return `${shown} has changed since and stays as it is`;
      }
      rmSync(backup, { force: true });
      return `${shown} is as it was before`;
    },
  };
}

/** A copy of what nobody changed is of no use. */
export function dropBackup({ settings, backup }: Places): void {
  if (existsSync(backup) && textOf(settings) === textOf(backup)) rmSync(backup);
}
