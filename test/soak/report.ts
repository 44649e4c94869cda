import type { Figures } from "./figures.ts";
import type { Deeds } from "./hands.ts";
import type { Fault } from "./ledger.ts";

interface Report {
  readonly deeds: Deeds;
  readonly drainedMs: number;
  readonly figures: Figures;
  readonly faults: readonly Fault[];
}

const most = 20;

export function report({ deeds, drainedMs, figures, faults }: Report): void {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([what, n]) => `${n} ${what}`)
      .join(", ");
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const lines: readonly [string, string][] = [
    ["messages", `${figures.messages}, refused ${figures.refused}`],
    ["deliveries", `${figures.deliveries}: ${list(figures.ended)}`],
    ["harm done", list(deeds)],
    ["wake hooks killed", `${figures.hooksKilled}`],
    ["proved by", list(figures.evidence)],
    ["shown again", `${figures.repeats}, marked as repeats`],
    [
      "send to shown",
      `p50 ${seconds(figures.p50Ms)}, p99 ${seconds(figures.p99Ms)}, max ${seconds(figures.maxMs)}`,
    ],
    ...Object.entries(figures.paths).map(([path, { count, p50Ms, p99Ms }]): [string, string] => [
      `  by ${path}`,
      `${count}, p50 ${seconds(p50Ms)}, p99 ${seconds(p99Ms)}`,
    ]),
    ["emptied after", seconds(drainedMs)],
    ["faults", `${faults.length}`],
  ];
  for (const [what, said] of lines) console.log(`${what.padEnd(32)}${said}`);
  for (const [what, group] of Map.groupBy(faults, (fault) => fault.what)) {
    console.log(`\n${group.length} × ${what}`);
    for (const { id, to, lines: about } of group.slice(0, most)) {
      console.log(`  ${id} to ${to}`);
      for (const line of about) console.log(`    ${JSON.stringify(line).replace(/x{9,}/, "…")}`);
    }
  }
}
