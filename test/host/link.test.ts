import { beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mendLink, pluginLink, targetOf } from "../../plugin/host/link.ts";
import { scratch } from "../fakes/scratch.ts";

let folder: string;
let link: string;
beforeEach(() => {
  folder = scratch();
  link = pluginLink(folder);
});

/** A copy of the plugin as the client keeps it. */
function copy(version: string): string {
  const root = join(folder, "cache", version);
  mkdirSync(join(root, ".claude-plugin"), { recursive: true });
  writeFileSync(join(root, ".claude-plugin", "plugin.json"), JSON.stringify({ name: "cc-dm", version }));
  return root;
}
const start = (root: string, version: string, data: string | undefined = "/h/data/cc-dm-cc-dm-marketplace") =>
  mendLink({ folder, root, version, data });

describe("a server that starts", () => {
  test("turns the link away from an older copy", () => {
    symlinkSync(copy("0.9.0"), link);
    start(copy("0.10.0"), "0.10.0");
    expect(readlinkSync(link)).toBe(join(folder, "cache", "0.10.0"));
  });

  test("turns the link away from a copy that is gone", () => {
    symlinkSync(copy("0.9.0"), link);
    rmSync(join(folder, "cache", "0.9.0"), { recursive: true });
    start(copy("0.1.0"), "0.1.0");
    expect(readlinkSync(link)).toBe(join(folder, "cache", "0.1.0"));
    expect(readdirSync(folder).sort()).toEqual(["cache", "plugin"]);
  });

  test("leaves a link that leads to the same version or a newer one", () => {
    const there = copy("0.10.0");
    symlinkSync(there, link);
    for (const version of ["0.9.0", "0.10.0"]) start(join(folder, "elsewhere"), version);
    expect(targetOf(link)).toBe(there);
  });

  test("makes none where there is none, and touches nothing else of that name", () => {
    start(copy("0.1.0"), "0.1.0");
    expect(targetOf(link)).toBeNull();
    mkdirSync(link);
    start(copy("0.1.0"), "0.1.0");
    expect(readdirSync(link)).toEqual([]);
  });

  test.each([
    ["that somebody works on", "/h/.claude/plugins/data/cc-dm-inline"],
    ["of which nobody tells how it was loaded", undefined],
  ])("from a copy %s leaves it", (_what, data) => {
    symlinkSync(copy("0.1.0"), link);
    mendLink({ folder, root: copy("0.2.0"), version: "0.2.0", data });
    expect(readlinkSync(link)).toBe(join(folder, "cache", "0.1.0"));
  });

  test("goes on where the folder cannot be written", () => {
    expect(() => mendLink({ folder: "/proc/self", root: "/x", version: "1.0.0", data: "x" })).not.toThrow();
  });
});
