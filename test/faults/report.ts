import type { Outcome, Scene } from "./fault.ts";

export interface Result {
  readonly scene: Pick<Scene, "name" | "what" | "mayLose">;
  readonly seconds: number;
  /** A text: why it could not be done here. */
  readonly outcome: Outcome | string;
}

export function isGood({ scene, outcome }: Result): boolean {
  if (typeof outcome === "string") return true;
  return (
    (outcome.lost === 0 || scene.mayLose === true) &&
    outcome.faults.length === 0 &&
    outcome.wrong.length === 0
  );
}

const columns = ["times", "promised", "arrived", "told", "waiting", "lost", "repeated"] as const;

/** A table as Markdown has it, which can be read as it is. */
export function table(results: readonly Result[]): string {
  const rows = [
    ["fault", ...columns, "wrong", "s"],
    ...results.map(({ scene, seconds, outcome }) =>
      typeof outcome === "string"
        ? [scene.name, ...columns.map(() => "–"), "not here", "–"]
        : [
            scene.name,
            ...columns.map((column) => `${outcome[column]}`),
            `${outcome.faults.length + outcome.wrong.length}`,
            seconds.toFixed(0),
          ],
    ),
  ];
  return grid(rows);
}

const moments = ["before", "amid", "after", "before commit", "amid commit", "after commit"];

/** How many processes died at each point: a line for each step of each kind of kill. */
export function pointTable(results: readonly Result[]): string {
  const rows = results.flatMap(({ scene, outcome }) => {
    const points = typeof outcome === "string" ? {} : (outcome.points ?? {});
    const steps = [...new Set(Object.keys(points).map((point) => point.split(":")[0] ?? ""))];
    return steps.map((step) => [
      scene.name,
      step,
      ...moments.map((moment) => `${points[`${step}:${moment}`] ?? ""}`),
    ]);
  });
  return grid([["killed", "step", ...moments], ...rows]);
}

/** Lines of Markdown that can be read as they are: words to the left, numbers to the right. */
function grid(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows;
  const widths = head.map((_, n) => Math.max(3, ...rows.map((row) => (row[n] ?? "").length)));
  const isWord = head.map((_, n) => rest.every((row) => !/^\d*$/.test(row[n] ?? "")));
  const pad = (cell: string, n: number) =>
    isWord[n] === true ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0);
  const format = (row: readonly string[]) => `| ${row.map(pad).join(" | ")} |`;
  const rule = `| ${widths.map((width, n) => (isWord[n] === true ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [format(head), rule, ...rest.map(format)].join("\n");
}

const most = 10;

/** What is behind a figure that should be 0, and what was measured besides. */
export function details(results: readonly Result[]): string {
  return results
    .flatMap(({ scene, outcome }) => {
      if (typeof outcome === "string") return [`${scene.name}: not done here: ${outcome}`];
      const { notes, wrong, faults } = outcome;
      return [
        ...notes.map((note) => `${scene.name}: ${note}`),
        ...wrong.slice(0, most).map((text) => `${scene.name}: WRONG: ${text}`),
        ...faults
          .slice(0, most)
          .flatMap(({ what, id, to, lines }) => [
            `${scene.name}: WRONG: ${what}: ${id} to ${to}`,
            ...lines.map((line) => `    ${JSON.stringify(line).replace(/x{9,}/, "…")}`),
          ]),
      ];
    })
    .join("\n");
}

/** One line of JSON Lines. */
export function record({ scene, seconds, outcome }: Result): string {
  const head = { fault: scene.name, what: scene.what };
  if (typeof outcome === "string") return JSON.stringify({ ...head, skipped: outcome });
  const { faults, wrong, notes, ...counts } = outcome;
  const all = [...wrong, ...faults.map(({ what, id, to }) => `${what}: ${id} to ${to}`)];
  return JSON.stringify({ ...head, seconds: Math.round(seconds * 10) / 10, ...counts, wrong: all, notes });
}
