/**
 * The client runs `bun install --frozen-lockfile --ignore-scripts` in its copy of the plugin. That the real
 * client then has nothing to complain about is in test/client/package.test.ts; here is why.
 */
import { expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { root, scratch } from "./scratch.ts";

/** Nothing to be had from a registry or from a cache. */
async function frozenInstall(files: readonly string[], ...more: readonly string[]) {
  const folder = scratch();
  for (const file of files) await cp(join(root, file), join(folder, file));
  const words = ["install", "--frozen-lockfile", "--ignore-scripts", ...more];
  const run = Bun.spawnSync([process.execPath, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, BUN_CONFIG_REGISTRY: "http://127.0.0.1:9" },
  });
  const modules = join(folder, "node_modules");
  const packages = existsSync(modules) ? readdirSync(modules).filter((name) => !name.startsWith(".")) : [];
  const lock = await Bun.file(join(folder, "bun.lock")).text();
  return { exit: run.exitCode, packages, lock };
}

const shipped = ["package.json", "bun.lock", "bunfig.toml"];

test("the client's frozen install has nothing to fetch and leaves the lock file as it is", async () => {
  const lock = await Bun.file(join(root, "bun.lock")).text();
  expect(await frozenInstall(shipped)).toEqual({ exit: 0, packages: [], lock });
});

test("that is so because of bunfig.toml: without it, the same install wants the network", async () => {
  expect((await frozenInstall(shipped.slice(0, 2))).exit).not.toBe(0);
});

test("and development turns the packages on with bunfig.dev.toml", async () => {
  const more = "--config=bunfig.dev.toml";
  expect((await frozenInstall([...shipped, "bunfig.dev.toml"], more)).exit).not.toBe(0);
});
