import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Home, homeFrom } from "../../core/home.ts";
import { privateFolder } from "../../host/folder.ts";
import { realPath } from "../../host/programs.ts";
import { writeWhole } from "../../host/whole.ts";
import type { Terminal } from "../command.ts";
import { saysYes } from "../terminal/ask.ts";
import { line } from "../terminal/plain.ts";
import type { Profile } from "./profile.ts";
import type { Profiles } from "./profiles.ts";
import { question } from "./question.ts";
import type { Asked } from "./words.ts";

const mostKept = 1000;

/** What the person agreed to, word for word: a profile that changed is a new one. */
export function markOf(file: string, { key, name, role, project, folder, prompt }: Profile): string {
  const text = JSON.stringify([realPath(file), key, name, role, project, folder, prompt]);
  return createHash("sha256").update(text).digest("hex");
}

function agreed({ folder }: Home): readonly string[] {
  try {
    const held: unknown = JSON.parse(readFileSync(agreements(folder), "utf8"));
    return Array.isArray(held) ? held.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // none yet, or spoilt: then it is asked again
  }
}

/** @throws if it cannot be written; then it is asked again next time. */
function remember(home: Home, marks: readonly string[]): void {
  privateFolder(home.folder);
  const path = agreements(home.folder);
  const all = [...new Set([...agreed(home), ...marks])].slice(-mostKept);
  writeWhole(path, `${JSON.stringify(all)}\n`);
}

function agreements(folder: string): string {
  return join(folder, "agreed.json");
}

/** Whether the person takes what the file says: now, or before and in these very words. */
export function agree(
  terminal: Terminal,
  { flags }: Asked,
  { file }: Profiles,
  profiles: readonly Profile[],
): boolean {
  if (flags.has("yes")) return true; // not remembered: a script's yes is not the person's
  const home = homeFrom(terminal.env);
  const known = new Set(agreed(home));
  const fresh = profiles.filter((one) => !known.has(markOf(file, one)));
  if (fresh.length === 0) return true;
  if (!terminal.keyboard) {
    terminal.err(
      `cc-dm: Nobody agreed to ${fresh.map(({ key }) => key).join(", ")} of ${line(file)} as it stands there now. Start it once from a terminal, or add --yes.\n`,
    );
    return false;
  }
  terminal.err(question(file, fresh, terminal.columns));
  if (!saysYes()) {
    terminal.err("Not started.\n");
    return false;
  }
  try {
    remember(
      home,
      fresh.map((one) => markOf(file, one)),
    );
  } catch (error) {
    terminal.err(`cc-dm: This will be asked again: ${line(String(error))}\n`);
  }
  return true;
}
