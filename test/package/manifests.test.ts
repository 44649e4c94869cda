import { describe, expect, test } from "bun:test";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { checkManifests } from "../../scripts/manifests.ts";
import { root, scratch } from "./scratch.ts";

const files = ["package.json", ".claude-plugin/plugin.json", ".claude-plugin/marketplace.json"];

/** A copy of the three manifests with one of them changed. */
async function withChange(path: string, from: string, to: string): Promise<string> {
  const folder = scratch();
  for (const file of files) await cp(join(root, file), join(folder, file));
  const text = await Bun.file(join(folder, path)).text();
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  await Bun.write(join(folder, path), text.replace(from, to));
  return folder;
}

const { version: current } = await Bun.file(join(root, "package.json")).json();
const version = `"version": "${current}"`;

describe("the manifests", () => {
  test("of this checkout agree", async () => {
    expect(await checkManifests(root)).toEqual([]);
  });

  test.each([
    [".claude-plugin/plugin.json", version, '"version": "9.9.9"', "plugin.json: version"],
    [".claude-plugin/marketplace.json", version, '"version": "9.9.9"', "marketplace.json: version"],
    ["package.json", version, '"version": "9.9.9"', "plugin.json: version"],
    [".claude-plugin/plugin.json", '"name": "cc-dm"', '"name": "dm"', "plugin.json: name"],
    [".claude-plugin/marketplace.json", '"name": "cc-dm"', '"name": "dm"', "lists no plugin"],
    [".claude-plugin/plugin.json", '"server": "cc-dm"', '"server": "dm"', 'no server "dm"'],
    ["package.json", '"devDependencies"', '"dependencies"', "run-time dependency"],
  ])("%s with %s made %s is noticed", async (path, from, to, complaint) => {
    const complaints = await checkManifests(await withChange(path, from, to));
    expect(complaints.join("\n")).toContain(complaint);
  });

  test.each(["bun.lock", "package-lock.json", "yarn.lock"])(
    "a %s beside package.json is noticed",
    async (name) => {
      const folder = scratch();
      for (const file of files) await cp(join(root, file), join(folder, file));
      expect(await checkManifests(folder)).toEqual([]);
      await Bun.write(join(folder, name), "{}");
      expect((await checkManifests(folder)).join("\n")).toContain(`${name}: the client would install`);
    },
  );
});
