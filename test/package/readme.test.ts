import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../plugin/core/config.ts";
import { settingKeys } from "../../plugin/core/settings.ts";
import { tools } from "../../plugin/tools/index.ts";

const readme = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");

function cells(row: string): string[] {
  return row.split("|").map((cell) => cell.trim());
}

test("README names every setting once, with the default it has", () => {
  const rows = readme.split("\n").filter((line) => line.startsWith("| `CC_DM"));
  const defaults = new Map(rows.map((row) => [cells(row)[1], cells(row)[2]]));
  expect(rows).toHaveLength(defaults.size);
  expect([...defaults.keys()].sort()).toEqual(
    ["CC_DM_HOME", ...settingKeys].map((key) => `\`${key}\``).sort(),
  );

  const { values } = loadConfig({ env: { HOME: "/nowhere" }, args: [] });
  for (const key of settingKeys) {
    const value = values[key];
    const said = defaults.get(`\`${key}\``) ?? "";
    if (typeof value === "boolean") expect(`${key} ${said}`).toBe(`${key} \`${value ? "on" : "off"}\``);
    else if (Array.isArray(value)) expect(`${key} ${said}`).toStartWith(`${key} empty`);
    else if (value !== undefined) expect(`${key} ${said}`).toBe(`${key} \`${String(value)}\``);
    else expect(`${key} ${said}`).not.toContain("`");
  }
});

test("README names every tool", () => {
  const table = readme.split("\n").filter((line) => /^\| `[a-z]/.test(line));
  const named = table.flatMap((row) => (cells(row)[1] ?? "").match(/[a-z]+/g) ?? []);
  expect(named.sort()).toEqual(tools.map((tool) => tool.name).sort());
});
