import { beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./scratch.ts";

/** Each line: a file, the reason that the linter must give, and what stands in it. */
const refused: readonly (readonly [path: string, reason: string, source: string])[] = [
  ["plugin/core/a.ts", "it knows no other room", 'import "../bus/bus.ts";'],
  ["plugin/core/b.ts", "it knows no other room", 'import type { Rules } from "../policy/rules.ts";'],
  ["plugin/host/a.ts", "it imports core only", 'import "../bus/bus.ts";'],
  ["plugin/bus/a.ts", "how it is shown is delivery's", 'import "../policy/rules.ts";'],
  ["plugin/bus/sqlite/a.ts", "how it is shown is delivery's", 'import "../../delivery/paths/pump.ts";'],
  ["plugin/policy/a.ts", "it asks nobody", 'import "../tools/dm.ts";'],
  ["plugin/policy/b.ts", "it asks nobody", 'import "../bus/sqlite/open.ts";'],
  ["plugin/policy/c.ts", "it asks nobody", 'import "../host/process.ts";'],
  ["plugin/tools/a.ts", "through policy's desk", 'import "../bus/bus.ts";'],
  ["plugin/tools/b.ts", "through policy's desk", 'import "../delivery/paths/pump.ts";'],
  ["plugin/delivery/a.ts", "not by its engine", 'import "../bus/sqlite/open.ts";'],
  ["plugin/view/a.ts", "neither sends nor decides", 'import "../policy/desk.ts";'],
  ["plugin/doctor/a.ts", "changes nothing", 'import "../bus/sqlite/open.ts";'],
  ["plugin/doctor/b.ts", "changes nothing", 'import "../delivery/wake.ts";'],
  ["plugin/cli/a.ts", "belong to the server", 'import "../tools/dm.ts";'],
  ["plugin/tools/r.ts", "through policy's desk", 'import "../doctor/index.ts";'],
  ["plugin/cli/b.ts", "MCP wire", 'console.log("hello");'],
  ["plugin/delivery/b.ts", "Nobody imports an entrance", 'import "../server.ts";'],
  ["test/mcp/a.ts", "Nobody imports an entrance", 'import "../../plugin/hook.ts";'],
  ["plugin/bus/b.ts", "which database it is", 'import { Database } from "bun:sqlite";\nnew Database();'],
  ["plugin/tools/c.ts", "speak MCP", 'import "@modelcontextprotocol/sdk/types.js";'],
  ["plugin/hook.ts", "speak MCP", 'import "@modelcontextprotocol/sdk/types.js";'],
  ["plugin/tools/d.ts", "plugin/core/clock.ts", "export const at = Date.now();"],
  ["plugin/tools/e.ts", "plugin/core/clock.ts", "setTimeout(() => {}, 1);"],
  ["plugin/tools/f.ts", "plugin/core/clock.ts", "setInterval(() => {}, 1);"],
  ["plugin/tools/g.ts", "plugin/core/clock.ts", "export const at = performance.now();"],
  ["plugin/tools/h.ts", "plugin/core/clock.ts", "globalThis.setTimeout(() => {}, 1);"],
  ["plugin/tools/i.ts", "plugin/core/clock.ts", "await Bun.sleep(1);"],
  ["plugin/tools/j.ts", "plugin/core/clock.ts", 'import "node:timers/promises";'],
  ["plugin/tools/k.ts", "read the environment", "export const home = process.env.HOME;"],
  ["plugin/tools/l.ts", "read the environment", "export const home = Bun.env.HOME;"],
  ["plugin/tools/m.ts", "read the environment", "export const { env } = process;"],
  ["plugin/tools/n.ts", "MCP wire", 'console.error("hello");'],
  ["plugin/server.ts", "MCP wire", 'console.log("hello");'],
  ["plugin/tools/o.ts", "floating", "const go = async () => {};\ngo();"],
  ["plugin/tools/p.ts", "301", "\nexport {};".repeat(301)],
  ["test/core/a.ts", "turn the fake clock", "await Bun.sleep(1);"],
  ["test/policy/a.ts", "turn the fake clock", "setTimeout(() => {}, 1);"],
];

/** What each rule leaves to the one place it belongs to. */
const allowed: readonly (readonly [path: string, source: string])[] = [
  ["plugin/core/clock.ts", "export const now = () => Date.now();\nsetTimeout(now, 1);"],
  ["plugin/cli.ts", "export const home = process.env.HOME;"],
  [
    "plugin/delivery/wire/channel.ts",
    'import "@modelcontextprotocol/sdk/types.js";\nimport "../bus/bus.ts";',
  ],
  ["plugin/delivery/c.ts", 'import "../host/process.ts";\nimport "../tools/dm.ts";'],
  [
    "plugin/bus/sqlite/b.ts",
    'import { Database } from "bun:sqlite";\nimport "../../host/process.ts";\nnew Database();',
  ],
  ["plugin/policy/d.ts", 'import type { Bus } from "../bus/bus.ts";\nexport type Way = Bus;'],
  ["plugin/tools/q.ts", 'import "../core/model.ts";\nimport "../policy/desk.ts";'],
  ["test/client/a.ts", "await Bun.sleep(1);"],
];

const found = new Map<string, string>();

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "cc-dm-lint-"));
  try {
    await Bun.write(join(folder, "biome.json"), Bun.file(join(root, "biome.json")));
    const sources = [...refused.map(([path, , source]) => [path, source] as const), ...allowed];
    for (const [path, source] of sources) await Bun.write(join(folder, path), `${source}\n`);
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const words = [process.execPath, biome, "lint", "--colors=off", "--max-diagnostics=none", "."];
    const report = Bun.spawnSync(words, { cwd: folder }).stderr.toString();
    // Each finding begins with a line `path:1:2 lint/group/rule ━━━`; the reason is in the text below it.
    for (const finding of report.split(/^(?=\S+\.ts(?::\d+:\d+)? lint\/)/m)) {
      const path = finding.split(/[: ]/, 1)[0] ?? "";
      found.set(path, (found.get(path) ?? "") + finding);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each(refused)("%s is refused, because: … %s …", (path, reason) => {
  expect(found.get(path) ?? "").toContain(reason);
});

test.each(allowed)("%s may do that: %s", (path) => {
  expect(found.get(path) ?? "").toBe("");
});
