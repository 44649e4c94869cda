/** dist/cli.js starts, and loads from dist/cli/ what a command needs. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { groups } from "../../plugin/cli/commands.ts";
import { namesOf, refuseToNode, renamed } from "../../scripts/pieces.ts";
import { root } from "./scratch.ts";

const of = (module: string, bytesInOutput = 10) => ({ [module]: { bytesInOutput } });

test("a piece is named after what it is loaded for, or the largest in it, and stays so", () => {
  const names = namesOf({
    "./cli.js": { inputs: of("plugin/cli.ts"), entryPoint: "plugin/cli.ts" },
    "./cli/0aaa.js": { inputs: {}, entryPoint: "plugin/cli/read/top.ts" },
    "./cli/0bbb.js": { inputs: { ...of("plugin/core/clock.ts"), ...of("plugin/cli/read/top.ts", 99) } },
    "./cli/0ccc.js": { inputs: of("node_modules/zod/v4/core.js") },
  });
  expect([...names.values()]).toEqual([
    "cli.js",
    "cli/read-top.js",
    "cli/shared-read-top.js",
    "cli/shared-zod-v4-core.js",
  ]);
  expect(renamed('import"./0bbb.js";import("./cli/0aaa.js")', names)).toBe(
    'import"./shared-read-top.js";import("./cli/read-top.js")',
  );
  const same = { inputs: {}, entryPoint: "plugin/cli/read/top.ts" };
  expect(() => namesOf({ "./cli/0aaa.js": same, "./cli/0bbb.js": same })).toThrow("one name");
});

describe("what Node could not load is no program", () => {
  const files = (text: string) =>
    new Map([
      ["cli.js", 'import{a}from"./cli/a.js";await import("./cli/late.js")'],
      ["cli/a.js", text],
      ["cli/late.js", 'import{Database}from"bun:sqlite";using a = b;'],
    ]);
  test.each([['import{b}from"bun:sqlite";'], ["using one = two;"]])(
    "%s in a file that is loaded at once",
    (text) => {
      expect(() => refuseToNode("cli.js", files(text))).toThrow("Node could not load cli.js");
    },
  );
  test("but it may stand in one that is loaded later", () => {
    refuseToNode("cli.js", files("export const a = 1;"));
  });
});

test("every command is a piece of its own, and none is in the file that starts", () => {
  const pieces = readdirSync(join(root, "dist/cli"));
  const loads = groups.flatMap(({ commands }) => commands.map(({ load }) => String(load)));
  const paths = loads.map((text) => /import\("\.\/(.*?)\.ts"\)/.exec(text)?.[1]?.replaceAll("/", "-"));
  expect(paths.length).toBeGreaterThan(20);
  for (const path of paths) expect(pieces).toContain(`${path}.js`);
  expect(readFileSync(join(root, "dist/cli.js"), "utf8").length).toBeLessThan(4_000);
});
