import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { page, root } from "./pages.ts";

interface Promised {
  readonly title: string;
  /** What stands behind "Tested in". */
  readonly tested: string;
}

function promisesIn(text: string): readonly Promised[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => ({
      title: section.split("\n", 1)[0] ?? "",
      tested: /\*Tested in\*([\s\S]*?)(?:\n\n|$)/.exec(section.split(/^## /m)[0] ?? "")?.[1] ?? "",
    }));
}

/** Tests that a promise names, with the sentences that it quotes of each. */
function testsOf({
  tested,
}: Promised): readonly { readonly path: string; readonly quoted: readonly string[] }[] {
  return [...tested.matchAll(/(test\/[\w./-]+)(?: \(((?:"[^"]+"(?:, )?)+)[^)]*\))?/g)].map(
    ([, path = "", names = ""]) => ({
      path: path.replace(/[.,]$/, ""),
      quoted: [...names.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name),
    }),
  );
}

/** What is wrong with a promise; none is good. */
function faultsOf(promised: Promised): readonly string[] {
  const tests = testsOf(promised);
  if (tests.length === 0) return ["has no test"];
  return tests.flatMap(({ path, quoted }) => {
    const there = existsSync(join(root, path));
    if (!there) return [`there is no ${path}`];
    const text = textBelow(join(root, path));
    if (!/\b(?:test|it)(?:\.\w+)?\(|: Case\b/.test(text)) return [`${path} tests nothing`];
    return quoted.filter((name) => !text.includes(name)).map((name) => `${path} has no "${name}"`);
  });
}

/** Of a file and what it is told in: the machine's rules stand in a folder beside it. */
function textBelow(path: string): string {
  if (!statSync(path).isDirectory()) {
    const folder = path.replace(/\.test\.ts$/, "");
    const beside = folder !== path && existsSync(folder) ? textBelow(folder) : "";
    return readFileSync(path, "utf8") + beside;
  }
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(path, name), "utf8"))
    .join("\n");
}

const { text } = page("docs/guarantees.md");

describe("every promise", () => {
  for (const promised of promisesIn(text)) {
    test(`${promised.title}: its tests are there`, () => {
      expect(faultsOf(promised)).toEqual([]);
    });
  }

  test("stands in the table with a figure and a command, in the same words", () => {
    const rows = [...text.matchAll(/^\| (\d+\. [^|]+) \| ([^|]+) \| `([^`]+)` \|$/gm)];
    expect(rows.map(([, title]) => title)).toEqual(promisesIn(text).map(({ title }) => title));
    for (const [, , figure = "", command = ""] of rows) {
      expect(figure.trim()).not.toBe("");
      expect(command).toMatch(/^(?:npm|bun) /);
    }
  });

  test("without a test, or with one that is gone, is noticed", () => {
    const made =
      '### 1. A\n\n*Tested in* nothing.\n\n### 2. B\n\n*Tested in* test/no.test.ts, test/docs/links.test.ts ("no such words").\n';
    expect(promisesIn(made).map(faultsOf)).toEqual([
      ["has no test"],
      ["there is no test/no.test.ts", 'test/docs/links.test.ts has no "no such words"'],
    ]);
  });
});
