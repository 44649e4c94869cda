import { expect, test } from "bun:test";
import { homedir } from "node:os";
import { join } from "node:path";
import { checkWords } from "../../scripts/words.ts";
import { root, scratch } from "./scratch.ts";

async function complaintsAbout(text: (folder: string) => string, path = "notes.md"): Promise<string> {
  const folder = scratch();
  Bun.spawnSync(["git", "init", "-q", folder]);
  await Bun.write(join(folder, path), text(folder));
  return (await checkWords(folder)).join("\n");
}

test("this checkout names no place that only this machine has", async () => {
  expect(await checkWords(root)).toEqual([]);
});

test("plain prose passes", async () => {
  expect(await complaintsAbout(() => "Start two sessions in ~/project and say hello.\n")).toBe("");
});

test("the checkout's own folder is noticed, before it is committed", async () => {
  expect(await complaintsAbout((folder) => `cd ${folder}/demo`)).toContain("notes.md names the folder");
});

test("this user's home is noticed", async () => {
  expect(await complaintsAbout(() => `open ${homedir()}/.cc-dm/bus.db`)).toContain("this machine's user");
});

test("a registry in the lock file is noticed", async () => {
  const address = ["https://registry", "example", "org/zod"].join(".");
  expect(await complaintsAbout(() => `["zod@4.6.7", "${address}"]`, "bun.lock")).toContain(
    "bun.lock names a package",
  );
});

test("advice to skip permission prompts is noticed, but not in a test", async () => {
  const advice = () => "claude --dangerously-skip-permissions";
  expect(await complaintsAbout(advice, "README.md")).toContain("README.md speaks of skipping");
  expect(await complaintsAbout(advice, "test/install.ts")).toBe("");
});
