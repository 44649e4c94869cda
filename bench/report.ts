import { cpus, release, totalmem } from "node:os";
import type { Faults } from "./ledger.ts";
import type { Figure, Report, Scenario } from "./scenario.ts";

const widths = [28, 14, 14, 10, 12];

/** One scenario as lines of a table: figure, subject, baseline, ratio, target. */
export function tableOf({ name, about }: Scenario, { figures, faults, note }: Report): string {
  const head = `${name}: ${about}`;
  const notes = note === undefined ? [] : [`  not measured: ${note}`];
  return [head, ...figures.map(line), ...notes, `  ${faultLine(faults)}`, ""].join("\n");
}

export function header(subject: string, baseline: string): string {
  return row(["", subject, baseline, "ratio", "target"]);
}

function line(figure: Figure): string {
  const [what = "", ...cells] = cellsOf(figure);
  return row([`  ${what}`, ...cells]);
}

/** What, subject, baseline, ratio, target. */
export function cellsOf({ what, unit, subject, baseline, target }: Figure): readonly string[] {
  const ratio = baseline === null ? null : subject / baseline.value;
  const label = baseline === null || baseline.label === "poll only" ? "" : ` (${baseline.label})`;
  return [
    what,
    `${tidy(subject)} ${unit}`.trimEnd(),
    baseline === null ? "" : `${`${tidy(baseline.value)} ${unit}`.trimEnd()}${label}`,
    ratio === null ? "" : tidyRatio(ratio),
    target === null
      ? ""
      : `${targetText(target, baseline !== null)} ${met(target, ratio ?? subject) ? "met" : "MISSED"}`,
  ];
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
    .join("  ")
    .trimEnd();
}

function targetText({ least, most }: NonNullable<Figure["target"]>, isRatio: boolean): string {
  const show = isRatio ? tidyRatio : tidy;
  return least !== undefined ? `>= ${show(least)}` : `<= ${show(most ?? Number.NaN)}`;
}

function met({ least, most }: NonNullable<Figure["target"]>, value: number): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}

function tidyRatio(ratio: number): string {
  return ratio < 0.1 ? `1/${(1 / ratio).toFixed(0)}` : ratio.toFixed(2);
}

function tidy(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

export function faultLine({ refused, lost, twice, disordered }: Faults): string {
  return refused + lost + twice + disordered === 0
    ? "nothing refused, lost, twice or out of order"
    : `FAULTS: ${refused} refused, ${lost} lost, ${twice} twice, ${disordered} out of order`;
}

/** What a figure needs to be understood later. */
export function machine(): Readonly<Record<string, unknown>> {
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    bun: Bun.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    cpu: cpu?.model.trim(),
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
  };
}
