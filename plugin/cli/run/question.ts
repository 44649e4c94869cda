import { dirname, relative } from "node:path";
import { realPath } from "../../host/programs.ts";
import { wrap } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import type { Profile } from "./profile.ts";

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
