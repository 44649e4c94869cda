import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../plugin/core/config.ts";
import { settingKeys } from "../../plugin/core/settings.ts";
import { scratch } from "../fakes/scratch.ts";
import { blocks, page, rows } from "./pages.ts";

const { values } = loadConfig({ env: { HOME: "/nowhere" }, args: [] });

describe.each(["README.md", "docs/settings.md"])("the settings in %s", (path) => {
  const table = rows(page(path).text).filter(([name = "", , meaning]) => /^`CC_DM/.test(name) && meaning);
  const defaults = new Map(table.map(([name, said]) => [name, said]));

  test("are all there are, each once", () => {
    expect(table).toHaveLength(defaults.size);
    const keys = ["CC_DM_HOME", ...settingKeys].map((key) => `\`${key}\``);
    expect([...defaults.keys()].sort()).toEqual(keys.sort());
  });

  test.each(settingKeys)("%s has this default", (key) => {
    const value = values[key];
    const said = defaults.get(`\`${key}\``) ?? "";
    if (typeof value === "boolean") expect(said).toBe(`\`${value ? "on" : "off"}\``);
    else if (Array.isArray(value)) expect(said).toStartWith("empty");
    else if (value !== undefined) expect(said).toBe(`\`${String(value)}\``);
    else expect(said).not.toContain("`");
  });
});

test("the example of a config file is understood", () => {
  const [example] = blocks(page("docs/settings.md")).filter(({ checked }) => checked === "config");
  const home = scratch();
  mkdirSync(join(home, ".cc-dm"));
  writeFileSync(join(home, ".cc-dm/config.json"), example?.text ?? "");
  const config = loadConfig({ env: { HOME: home, CC_DM_APPROVER: "on" }, args: [] });
  expect(config.values.CC_DM_MESSAGE_TTL_S).toBe(172_800);
  expect(config.values.CC_DM_BROADCAST_ALLOWED_ROLES).toEqual(["planner", "lead"]);
  expect(config.values.CC_DM_APPROVER).toBe(false);
  expect(config.sources.CC_DM_APPROVER).toBe("config.json (locked)");
  expect(config.rules).toHaveLength(2);
});
