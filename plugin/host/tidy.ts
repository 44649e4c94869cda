import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { dayMs } from "../core/clock.ts";
import type { Home } from "../core/home.ts";
import type { EpochMs, Session } from "../core/model.ts";
import { wakeFile } from "./wake.ts";

/** Removes what dead processes left in the bus folder; `open` are those that may still use some of it. */
export function tidyHome({ bells, clients }: Home, open: readonly Session[], now: EpochMs): void {
  const hung = open.flatMap((session) => session.bell ?? []);
  const watched = open.map(({ client, place }) => dirname(wakeFile(clients, client, place)));
  tidy(bells, hung, now);
  tidy(clients, watched, now);
}

/** Removes what dead processes left in a folder: entries a day old that nobody uses any more. */
export function tidy(folder: string, inUse: readonly string[], now: EpochMs): void {
  const keep = new Set(inUse.filter((path) => dirname(path) === folder).map((path) => basename(path)));
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return; // not made yet
  }
  for (const entry of entries) {
    const path = join(folder, entry);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    // A client that is just starting has its folder before its server is on the roster.
    if (!keep.has(entry) && age > dayMs) rmSync(path, { recursive: true, force: true });
  }
}
