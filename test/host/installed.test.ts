import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { installed } from "../../plugin/host/installed.ts";
import { scratch } from "../fakes/scratch.ts";

const id = "cc-dm@cc-dm-marketplace";

/** As Claude Code 2.1.329 leaves it after `plugin install`. */
function machine(files: Readonly<Record<string, unknown>>) {
  const folder = scratch();
  for (const [file, held] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof held === "string" ? held : JSON.stringify(held));
  }
  const look = () => installed({ name: "cc-dm", config: join(folder, "claude"), cwd: join(folder, "work") });
  return { folder, look };
}

const list = (installPath: string) => ({
  version: 2,
  plugins: {
    [id]: [{ scope: "user", installPath, version: "0.1.0" }],
    "other@x": [{ installPath, version: "9" }],
  },
});

test("tells what is installed, from where, and whether that is there", () => {
  const { folder, look } = machine({ "cache/cc-dm/x": "" });
  const there = join(folder, "cache/cc-dm");
  mkdirSync(join(folder, "claude/plugins"), { recursive: true });
  const file = join(folder, "claude/plugins/installed_plugins.json");
  writeFileSync(file, JSON.stringify(list(there)));
  expect(look().installs).toEqual([{ id, version: "0.1.0", folder: there, there: true }]);
  writeFileSync(file, JSON.stringify(list("/nowhere")));
  expect(look().installs).toMatchObject([{ there: false }]);
});

test("tells which settings switch it on or off, the strongest last", () => {
  const { folder, look } = machine({
    "work/.claude/settings.local.json": { enabledPlugins: { [id]: false } },
    "claude/settings.json": { enabledPlugins: { [id]: true, "other@x": false } },
  });
  expect(look().switches).toEqual([
    { file: join(folder, "claude/settings.json"), id, on: true },
    { file: join(folder, "work/.claude/settings.local.json"), id, on: false },
  ]);
  expect(look().hooksOff).toEqual([]);
});

test("tells which settings switch hooks off", () => {
  const { folder, look } = machine({ "work/.claude/settings.json": { disableAllHooks: true } });
  expect(look().hooksOff).toEqual([join(folder, "work/.claude/settings.json")]);
});

test.each(["", "{", "[]", "null", '{"plugins": 3, "enabledPlugins": "x"}', '{"plugins": {"cc-dm@x": 1}}'])(
  "files that hold %p, which is not what they should, break nothing",
  (text) => {
    const { look } = machine({ "claude/settings.json": text, "claude/plugins/installed_plugins.json": text });
    const { switches, hooksOff, installs } = look();
    expect({ switches, hooksOff, there: installs.some(({ there }) => there) }).toEqual({
      switches: [],
      hooksOff: [],
      there: false,
    });
  },
);

test.each([
  [{ allow: ["Bash"] }, true],
  [{ allow: ["Read", "Bash(*)"] }, true],
  [{ allow: ["Bash(:*)"] }, true],
  [{ defaultMode: "bypassPermissions" }, true],
  [{ allow: ["Bash(git status:*)", "BashOutput"], defaultMode: "acceptEdits" }, false],
  [{ deny: ["Bash"] }, false],
  [{ allow: "Bash" }, false],
])("with permissions %j any command runs unasked: %p", (permissions, expected) => {
  const { folder, look } = machine({ "work/.claude/settings.json": { permissions } });
  expect(look().bashFree).toEqual(expected ? [join(folder, "work/.claude/settings.json")] : []);
});
