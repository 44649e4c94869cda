import { type Finding, type Severity, severities } from "../../core/finding.ts";
import { type Paper, paint, wrap } from "../terminal/paper.ts";

const inks: Readonly<Record<Severity, "green" | "cyan" | "yellow" | "red">> = {
  ok: "green",
  note: "cyan",
  warning: "yellow",
  error: "red",
};

/** Findings for a person: a heading for each place, aligned, with the way out below what is wrong. */
export function report(findings: readonly Finding[], paper: Paper): string {
  const places = Map.groupBy(findings, ({ id }) => id.split(".")[0] ?? id);
  const lines = [...places].flatMap(([place, of]) => [
    paint(paper, "bold", place),
    ...of.flatMap((finding) => entry(finding, indentOf(of), paper)),
    "",
  ]);
  return `${[...lines, total(findings)].join("\n")}\n`;
}

const before = 2 + "warning".length + 2;

function indentOf(findings: readonly Finding[]): number {
  return before + Math.max(...findings.map(({ id }) => matter(id).length)) + 2;
}

function entry({ id, severity, found, mend }: Finding, indent: number, paper: Paper): readonly string[] {
  const head = `  ${paint(paper, inks[severity], severity.padEnd(before - 2))}${matter(id).padEnd(indent - before)}`;
  const [first = "", ...rest] = wrap(found, paper.columns - indent);
  const way =
    mend === null
      ? []
      : wrap(mend, paper.columns - indent - 2).map((line, i) => `${i === 0 ? "→" : " "} ${line}`);
  return [`${head}${first}`, ...[...rest, ...way].map((line) => `${" ".repeat(indent)}${line}`)];
}

function matter(id: string): string {
  return id.split(".").slice(1).join(".") || id;
}

function total(findings: readonly Finding[]): string {
  const counts = severities
    .toReversed()
    .map((severity) => ({ severity, count: findings.filter((one) => one.severity === severity).length }))
    .filter(({ severity, count }) => count > 0 && severity !== "ok")
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? "" : "s"}`);
  return counts.length === 0 ? "All is well." : `${counts.join(", ")}.`;
}
