/** dist/cli.js starts, and loads from dist/cli/ what a command needs. */
import { describe, expect, test } from "bun:test";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { groups } from "../../plugin/cli/commands.ts";
import { namesOf, refuseToNode, renamed } from "../../scripts/pieces.ts";
import { node, runtimes } from "../cli/program.ts";
import { root, scratch } from "./scratch.ts";

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
      expect(() => refuseToNode(["cli.js"], files(text))).toThrow("Node could not load dist/cli/a.js");
    },
  );
  test("but it may stand in one that is loaded later", () => {
    refuseToNode(["cli.js"], files("export const a = 1;"));
  });
  test("and what Node is said to load must be there", () => {
    expect(() => refuseToNode(["cli/late.js"], files(""))).toThrow("Node could not load dist/cli/late.js");
    expect(() => refuseToNode(["cli/none.js"], files(""))).toThrow("there is none");
  });
});

describe("a program of which a part is missing says so, and how to mend it", () => {
  const runs = (runtime: string, folder: string, ...words: readonly string[]) => {
    const child = Bun.spawnSync([runtime, join(folder, "cli.js"), ...words], {
      env: {
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        HOME: folder,
        CC_DM_HOME: join(folder, "bus"),
      },
    });
    return { exit: child.exitCode, out: child.stdout.toString(), err: child.stderr.toString() };
  };
  const broken = (...missing: readonly string[]) => {
    const folder = scratch();
    cpSync(join(root, "dist"), folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const name of missing) rmSync(join(folder, name), { recursive: true });
    return folder;
  };
  const told = (what: RegExp) => ({ exit: 3, out: "", err: expect.stringMatching(what) });

  test("one command: the others work", () => {
    const folder = broken("cli/read-who.js");
    expect(runs(process.execPath, folder, "who")).toEqual(
      told(/^cc-dm: This is no whole cc-dm: the command who .* install it anew\. \(.*\)\n$/),
    );
    expect(runs(process.execPath, folder, "--version")).toMatchObject({ exit: 0, err: "" });
  });

  test.each(runtimes)("all but the file that starts, under %s", (runtime) => {
    const program = runtime === "node" ? (node ?? "") : process.execPath;
    expect(runs(program, broken("cli"), "who")).toEqual(
      told(/^cc-dm: .*cli\.js is no whole cc-dm\. .* install it anew\. \(.*\)\n$/),
    );
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
