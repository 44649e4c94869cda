import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Home } from "../../core/home.ts";
import { privateFolder } from "../../host/folder.ts";
import { realPath } from "../../host/programs.ts";
import { wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import type { Profile } from "./profiles.ts";

const mostKept = 1000;

/** What the person agreed to, word for word: a profile that changed is a new one. */
export function markOf(file: string, { key, name, role, project, folder, prompt }: Profile): string {
  const text = JSON.stringify([realPath(file), key, name, role, project, folder, prompt]);
  return createHash("sha256").update(text).digest("hex");
}

export function agreed({ folder }: Home): readonly string[] {
  try {
    const held: unknown = JSON.parse(readFileSync(agreements(folder), "utf8"));
    return Array.isArray(held) ? held.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // none yet, or spoilt: then it is asked again
  }
}

/** @throws if it cannot be written; then it is asked again next time. */
export function remember(home: Home, marks: readonly string[]): void {
  privateFolder(home.folder);
  const path = agreements(home.folder);
  const all = [...new Set([...agreed(home), ...marks])].slice(-mostKept);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(all)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

function agreements(folder: string): string {
  return join(folder, "profiles.json");
}

/** What is asked, with all that the file would have a say in. */
export function question(file: string, profiles: readonly Profile[], columns: number): string {
  const several = profiles.length > 1;
  return [
    ...wrap(
      `${line(file)} comes with this folder. It would start ${several ? "these sessions" : "this session"}:`,
      columns,
    ),
    ...profiles.flatMap((profile) => ["", ...described(profile, file, columns)]),
    "",
    several
      ? "Start them? You are asked again if they change. [y/N] "
      : "Start it? You are asked again if it changes. [y/N] ",
  ].join("\n");
}

function described({ name, role, project, folder, prompt }: Profile, file: string, columns: number) {
  const below = relative(realPath(dirname(file)), folder);
  const facts = [
    role === null ? [] : [`role ${role}`],
    project === null ? [] : [`project ${project}`],
    below === "" ? [] : [`in ${line(below)}`],
  ].flat();
  const head = `  ${name}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}`;
  if (prompt === null) return [head];
  const lines = prompt.split("\n").flatMap((text) => folded(text, Math.max(10, columns - 6)));
  return [`${head}, with the first prompt:`, ...lines.map((text) => `    │ ${text}`)];
}

/** No word runs on into the next row, where it would look like something that we say. */
function folded(text: string, width: number): readonly string[] {
  const most = Math.floor(width / 2); // a letter takes two places at most
  const parts = new RegExp(`\\S{1,${most}}|\\s{1,${most}}`, "gu");
  const whole = wrap(text, width).flatMap((row) =>
    Bun.stringWidth(row) <= width ? [row] : [...row.matchAll(parts)].map(([part]) => part),
  );
  return whole.length === 0 ? [""] : whole;
}
