import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pluginRoot } from "../demo/launch.ts";
import { draw } from "./plot/plot.ts";
import { cellsOf, faultLine } from "./report.ts";
import type { Report, Scenario } from "./scenario.ts";

export interface Done {
  readonly scenario: Scenario;
  readonly report: Report;
}

export interface Published {
  readonly done: readonly Done[];
  /** Every round, as JSON. */
  readonly rows: readonly string[];
  readonly machine: Readonly<Record<string, unknown>>;
  readonly minutes: number;
}

export const begin = "<!-- written by `npm run bench -- --publish`: -->";
export const end = "<!-- end of what the program writes -->";

/** The page's part between its marks, the plots, and every round: one run, nothing by hand. */
export function publish(published: Published, docs = join(pluginRoot, "docs")): void {
  const folder = join(docs, "bench");
  mkdirSync(folder, { recursive: true });
  for (const { scenario, report } of published.done) {
    if (report.plot !== undefined) writeFileSync(join(folder, `${scenario.name}.svg`), draw(report.plot));
  }
  writeFileSync(join(folder, "rounds.jsonl"), `${published.rows.join("\n")}\n`);
  const page = join(docs, "bench.md");
  writeFileSync(page, between(readFileSync(page, "utf8"), pageOf(published)));
}

/** @throws if the page has lost its marks: nothing written by hand may be overwritten. */
export function between(page: string, text: string, mark = begin): string {
  const [from, to] = [page.indexOf(mark), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no "${mark}" followed by "${end}"`);
  return `${page.slice(0, from)}${mark}\n\n${text}\n${page.slice(to)}`;
}

export function pageOf({ done, machine, minutes }: Omit<Published, "rows">): string {
  const { at, bun, system, cpu, cores, memory_gb } = machine;
  const where = `${String(at).slice(0, 10)}, Bun ${bun}, ${system}, ${cpu}, ${cores} cores, ${memory_gb} GB; the whole run took ${minutes.toFixed(0)} minutes. Every round: [bench/rounds.jsonl](bench/rounds.jsonl).`;
  return [where, ...done.map(sectionOf)].join("\n\n");
}

function sectionOf({ scenario: { name, about }, report: { figures, faults, note, plot } }: Done): string {
  const baseline = figures.find((figure) => figure.baseline !== null)?.baseline?.label ?? "";
  const table = [
    ["", "cc-dm", baseline, "ratio", "target"],
    ["---", "---:", "---:", "---:", "---:"],
    ...figures.map((figure) => cellsOf(figure).map((cell) => cell.replace(/ \(.*\)$/, ""))),
  ].map((cells) => `| ${cells.join(" | ")} |`);
  return [
    `### ${name}`,
    `${capital(about)}.`,
    ...(figures.length > 0 ? [table.join("\n")] : []),
    ...(note === undefined ? [] : [`Not measured: ${note}.`]),
    `${capital(faultLine(faults))}.`,
    ...(plot === undefined ? [] : [`![${plot.title}](bench/${name}.svg)`]),
  ].join("\n\n");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
