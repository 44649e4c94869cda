import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { between } from "../../bench/publish.ts";
import { details, pointTable, type Result, table } from "./report.ts";

export const begin = "<!-- written by `npm run faults -- --publish`: -->";

export interface Run {
  readonly results: readonly Result[];
  readonly machine: Readonly<Record<string, unknown>>;
  readonly rounds: number;
  readonly lanes: number;
  /** Processes that wanted to run when it began: seconds mean something only where others were idle. */
  readonly load: number;
  readonly minutes: number;
}

/** docs/faults.md between its marks, and the sum of it in docs/guarantees.md: one run, nothing by hand. */
export function publish(run: Run, docs: string): void {
  const rewrite = (name: string, write: (page: string) => string) => {
    const path = join(docs, name);
    writeFileSync(path, write(readFileSync(path, "utf8")));
  };
  rewrite("faults.md", (page) => between(page, pageOf(run), begin));
  rewrite("guarantees.md", (page) => page.replace(sumWords, sumOf(run.results)));
}

/** What docs/guarantees.md says of this. */
export const sumWords = /[\d,]+ lost in [\d,]+ kills/;

function sumOf(results: readonly Result[]): string {
  const done = results.flatMap(({ outcome }) =>
    typeof outcome === "string" || outcome.points === undefined ? [] : [outcome],
  );
  const [lost, kills] = (["lost", "times"] as const).map((what) =>
    done.reduce((sum, one) => sum + one[what], 0),
  );
  return `${lost?.toLocaleString("en")} lost in ${kills?.toLocaleString("en")} kills`;
}

export function pageOf({ results, machine, rounds, lanes, load, minutes }: Run): string {
  const { at, bun, system, cpu, cores, memory_gb } = machine;
  return [
    `${String(at).slice(0, 10)}, Bun ${bun}, ${system}, ${cpu}, ${cores} cores, ${memory_gb} GB, load ${load.toFixed(1)} when it began. One run of all of it, ${rounds} rounds, ${lanes} faults at once: ${minutes.toFixed(0)} minutes.`,
    table(results),
    "How many processes were killed at each point, told by the point itself (a point that is got to less often than there are rounds is *wrong* above):",
    pointTable(results),
    "What was counted besides:",
    details(results)
      .split("\n")
      .map((line) => `- ${line}`)
      .join("\n"),
  ].join("\n\n");
}
