/** The bench: that it runs, that it counts what went wrong, and that it writes what it measured. Never how fast. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ledger } from "../bench/ledger.ts";
import { draw } from "../bench/plot/plot.ts";
import { begin, between, end, publish } from "../bench/publish.ts";
import type { Report, Scenario } from "../bench/scenario.ts";
import { scenarios } from "../bench/scenarios/index.ts";
import { scratch } from "./fakes/scratch.ts";

setDefaultTimeout(180_000);

const root = join(import.meta.dir, "..");

async function bench(...words: readonly string[]) {
  const run = Bun.spawn([process.execPath, join(root, "bench/bench.ts"), ...words], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([run.stdout.text(), run.stderr.text(), run.exited]);
  return { out, err, code };
}

describe("the bench", () => {
  test("plays every scenario at its smallest, with figures and no faults", async () => {
    const json = join(scratch(), "rounds.jsonl");
    const { out, err, code } = await bench("--tiny", "--json", json);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    const rows = readFileSync(json, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Partial<Report> & { scenario?: string });
    for (const { name } of scenarios) {
      expect(out).toContain(`${name}: `);
      const report = rows.findLast((row) => row.scenario === name && row.figures !== undefined);
      expect(report?.faults).toEqual({ refused: 0, lost: 0, twice: 0, disordered: 0 });
      if (report?.note === undefined) expect(report?.figures?.length).toBeGreaterThan(0);
      for (const { subject } of report?.figures ?? []) expect(subject).toBeGreaterThanOrEqual(0);
    }
  });

  test("names the scenarios there are, and publishes only a whole run", async () => {
    const unknown = await bench("speed");
    expect(unknown.code).toBe(2);
    for (const { name } of scenarios) expect(unknown.err).toContain(name);
    expect((await bench("--publish", "--quick")).code).toBe(2);
    expect((await bench("--publish", "latency")).code).toBe(2);
  });
});

describe("its books", () => {
  test("tell what is lost, what came twice and what overtook another", () => {
    const books = ledger();
    const [first, second] = [books.write("a", ["b"]), books.write("a", ["b"])];
    books.write("a", ["b", "c"]);
    books.arrived("b", second);
    books.arrived("b", first);
    books.arrived("b", first);
    books.refused(books.write("a", ["b"]));
    expect(books.faults()).toEqual({ refused: 1, lost: 2, twice: 1, disordered: 1 });
  });
});

const report: Report = {
  figures: [
    {
      what: "p50",
      unit: "ms",
      subject: 2,
      baseline: { label: "poll only", value: 250 },
      target: { most: 0.01 },
    },
  ],
  faults: { refused: 0, lost: 0, twice: 0, disordered: 0 },
  plot: {
    kind: "bars",
    title: '<Fast> & "cheap"',
    unit: "ms",
    labels: ["one"],
    series: [{ label: "cc-dm", values: [2] }],
  },
};
const scenario: Scenario = { name: "latency", about: "one message", run: async () => report };

describe("what it publishes", () => {
  test("takes the place between the marks and touches nothing else", () => {
    const docs = scratch();
    mkdirSync(join(docs, "bench"));
    writeFileSync(join(docs, "bench.md"), `# Mine\n\n${begin}\nold\n${end}\n\nMine too.\n`);
    for (const minutes of [11, 12]) {
      publish({ done: [{ scenario, report }], rows: ["{}"], machine: { at: "2026-11-21" }, minutes }, docs);
    }
    const page = readFileSync(join(docs, "bench.md"), "utf8");
    expect(page).toStartWith(`# Mine\n\n${begin}`);
    expect(page).toEndWith(`${end}\n\nMine too.\n`);
    expect(page).not.toContain("old");
    expect(page).toContain("| p50 | 2.00 ms | 250 ms | 1/125 | <= 1/100 met |");
    expect(page).toContain("12 minutes");
    expect(page).not.toContain("11 minutes");
    expect(page).toContain("(bench/latency.svg)");
    expect(readFileSync(join(docs, "bench/latency.svg"), "utf8")).toStartWith("<svg ");
    expect(() => between("# no marks", "text")).toThrow(`no "${begin}"`);
  });

  test("the real page has the marks", () => {
    const page = readFileSync(join(root, "docs/bench.md"), "utf8");
    expect(between(page, "text")).toContain(`${begin}\n\ntext\n${end}`);
  });
});

describe("a plot", () => {
  const line = { label: "cc-dm", points: [[1, 3] as const, [10, 30] as const, [100, 0] as const] };
  const plots = [
    report.plot ?? never(),
    {
      kind: "lines" as const,
      title: "a & b",
      x: { label: "x", log: true },
      y: { label: "y", log: false },
      series: [line],
    },
  ];

  test("is XML that parses, escapes its words, and can be read in the dark", () => {
    for (const plot of plots) {
      const text = draw(plot);
      expect(opened(text)).toEqual([]);
      expect(text).toContain("prefers-color-scheme:dark");
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      expect(text).toContain("&amp;");
    }
  });

  test("shows twice as much twice as long", () => {
    const values = [10, 20];
    const text = draw({
      kind: "bars",
      title: "t",
      unit: "ms",
      labels: ["a", "b"],
      series: [{ label: "s", values }],
    });
    const lengths = [...text.matchAll(/<rect class="s0" x="210"[^>]* width="([\d.]+)"/g)].map((found) =>
      Number(found[1]),
    );
    expect(lengths).toHaveLength(2);
    expect((lengths[1] ?? 0) / (lengths[0] ?? 1)).toBeCloseTo(2, 2);
  });
});

/** The elements that were opened and not closed, or closed and not opened. */
function opened(text: string): readonly string[] {
  const open: string[] = [];
  for (const [, closing, name = "", rest = ""] of text.matchAll(/<(\/?)(\w+)([^<>]*)>/g)) {
    if (closing === "/") {
      if (open.at(-1) !== name) return [...open, `/${name}`];
      open.pop();
    } else if (!rest.endsWith("/")) open.push(name);
  }
  return open;
}

function never(): never {
  throw new Error("the report has a plot");
}
