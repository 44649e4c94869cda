import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { askVersion, clientProgram, clientVersion, onPath } from "../../plugin/host/programs.ts";
import { scratch } from "../fakes/scratch.ts";

function program(path: string, says: string, mode = 0o755): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "${says}"\n`);
  chmodSync(path, mode);
  return path;
}

test("finds what a PATH holds under a name, in its order, and only what can be run", () => {
  const folder = scratch();
  const first = program(join(folder, "a", "tool"), "1.0.0");
  const second = program(join(folder, "b", "tool"), "2.0.0");
  program(join(folder, "c", "tool"), "", 0o644);
  mkdirSync(join(folder, "d", "tool"), { recursive: true });
  const path = ["a", "c", "d", "none", "b", "a"].map((name) => join(folder, name)).join(":");
  expect(onPath("tool", `${path}:relative::`)).toEqual([first, second]);
  expect(onPath("other", path)).toEqual([]);
});

test.each([
  ["1.4.5", "1.4.5"],
  ["v20.1.0", "20.1.0"],
  ["2.1.329 (Claude Code)", "2.1.329"],
  ["hello", null],
])("a program that says %p is of version %p", (says, version) => {
  expect(askVersion(program(join(scratch(), "tool"), says))).toBe(version);
});

test("a program that does not answer is not waited for", () => {
  const path = join(scratch(), "tool");
  writeFileSync(path, "#!/bin/sh\nexec sleep 20\n");
  chmodSync(path, 0o755);
  const from = performance.now();
  expect(askVersion(path)).toBeNull();
  expect(performance.now() - from).toBeLessThan(1500);
});

/** Claude Code as npm installs it. */
function npm(folder: string, name: string, ...at: readonly string[]): string {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "2.1.240" }));
  return program(join(folder, ...at), "");
}

test("Claude Code's version is told by where it lies, whoever installed it", () => {
  const native = program(join(scratch(), ".local/share/claude/versions/2.1.329"), "");
  expect(clientVersion(native)).toBe("2.1.329");
  expect(clientVersion(npm(scratch(), "@anthropic-ai/claude-code-linux-x64", "claude"))).toBe("2.1.240");
  expect(clientVersion(npm(scratch(), "@anthropic-ai/claude-code", "bin", "claude.exe"))).toBe("2.1.240");
  const link = join(scratch(), "claude");
  symlinkSync(native, link);
  expect(clientVersion(link)).toBe("2.1.329");
});

test("what is not Claude Code has no such version", () => {
  expect(clientVersion(npm(scratch(), "claude-code", "claude"))).toBeNull();
  expect(clientVersion(program(join(scratch(), "claude"), ""))).toBeNull();
  expect(clientVersion("/nowhere/claude")).toBeNull();
});

test("a client is known by its program or, in older versions, by its script", () => {
  const script = npm(scratch(), "@anthropic-ai/claude-code", "cli.js");
  expect(clientProgram("/usr/bin/node", ["node", script, "--resume"])).toBe(script);
  expect(clientProgram("/opt/claude", ["claude"])).toBe("/opt/claude");
  expect(clientProgram(null, ["claude"])).toBe("claude");
  expect(clientProgram("/usr/bin/bun", ["bun", "test", "claude"])).toBeNull();
  expect(clientProgram(null, [])).toBeNull();
});
