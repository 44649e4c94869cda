import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { privateFolder } from "../../../host/folder.ts";
import { writeWhole } from "../../../host/whole.ts";
import type { Places } from "./places.ts";

/** What install did that cannot be seen from what is there. */
export interface Record {
  /** The client had settings before. */
  readonly settings?: boolean;
  /** Folders that were not there before, the outermost first. */
  readonly made?: readonly string[];
}

export function readRecord({ record }: Pick<Places, "record">): Record {
  try {
    return JSON.parse(readFileSync(record, "utf8")) as Record;
  } catch {
    return {}; // nothing was installed, or by hand
  }
}

export function note(places: Pick<Places, "record" | "home">, more: Record): void {
  privateFolder(places.home.folder);
  writeWhole(places.record, `${JSON.stringify({ ...readRecord(places), ...more }, null, 2)}\n`);
}

export function forget({ record }: Pick<Places, "record">): void {
  rmSync(record, { force: true });
}

/** Makes a folder and those above it. @returns those that were not there, the outermost first. */
export function makeFolders(folder: string): readonly string[] {
  const first = mkdirSync(folder, { recursive: true, mode: 0o755 });
  const made: string[] = [];
  for (let at = folder; first !== undefined; at = dirname(at)) {
    made.unshift(at);
    if (at === first || at === dirname(at)) break;
  }
  return made;
}
