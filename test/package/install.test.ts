/**
 * Claude Code installs the packages of a plugin that has a package.json and a lock file it knows, those for
 * development included. Ours must give it nothing to do. `plugin list` does not tell: it complains of missing
 * packages only where they are `dependencies`. So a stand-in for Bun writes down what the client asks of it.
 */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync } from "node:fs";
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { checkOut } from "../client/checkout.ts";
import { binary, runsHere, unshare, versions } from "../client/versions.ts";
import { root, scratch } from "./scratch.ts";

setDefaultTimeout(30_000);

for (const version of versions) {
  describe.if(runsHere(version))(`installed from a git repository, Claude Code ${version}`, () => {
    test("asks nothing of Bun, and has nothing to complain about", async () => {
      const { asked, listed, packages } = await installed(version);
      expect({ asked, packages }).toEqual({ asked: "", packages: [] });
      expect(listed).toContain("cc-dm@cc-dm-marketplace");
      expect(listed).toContain("enabled");
      expect(listed).not.toMatch(/note|warn|error|not installed/i);
    });

    test("would install every development package if our lock file had the usual name", async () => {
      const { asked } = await installed(version, (repo) =>
        rename(join(repo, "bun.dev.lock"), join(repo, "bun.lock")),
      );
      expect(asked).toBe("install --frozen-lockfile --ignore-scripts\n");
    });
  });
}

test("a plain `bun install` in the plugin's folder fetches nothing either", async () => {
  const folder = scratch();
  for (const file of ["package.json", "bunfig.toml"])
    await Bun.write(join(folder, file), Bun.file(join(root, file)));
  await Bun.write(join(folder, "bun.lock"), Bun.file(join(root, "bun.dev.lock")));
  const env = { PATH: process.env.PATH, HOME: folder, BUN_CONFIG_REGISTRY: "http://127.0.0.1:9" };
  const run = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile"], { cwd: folder, env });
  expect(run.exitCode).toBe(0);
  expect(await packagesIn(folder)).toEqual([]);
});

/** Adds a marketplace whose plugin comes from a git repository, and installs it: what people get, shipped. */
async function installed(version: string, change: (repo: string) => Promise<void> = async () => {}) {
  const world = scratch();
  const repo = join(world, "repo");
  await checkOut(repo);
  await change(repo);
  const git = [
    "git",
    "-c",
    "user.name=test",
    "-c",
    "user.email=test@localhost",
    "-c",
    "commit.gpgsign=false",
  ];
  Bun.spawnSync([...git, "add", "--force", "--all"], { cwd: repo });
  Bun.spawnSync([...git, "commit", "-q", "-m", "As it is now"], { cwd: repo });

  const marketplace = await Bun.file(join(repo, ".claude-plugin/marketplace.json")).json();
  for (const entry of marketplace.plugins) entry.source = { source: "url", url: `file://${repo}` };
  await Bun.write(join(world, "shop/.claude-plugin/marketplace.json"), JSON.stringify(marketplace));

  const asked = Bun.file(join(world, "asked"));
  await Bun.write(join(world, "bin/bun"), `#!/bin/sh\necho "$*" >>"${asked.name}"\nexit 1\n`);
  chmodSync(join(world, "bin/bun"), 0o755);
  await claude("plugin", "marketplace", "add", join(world, "shop"));
  await claude("plugin", "install", "cc-dm@cc-dm-marketplace");
  const listed = await claude("plugin", "list");
  const copies = join(world, "home/.claude/plugins/cache/cc-dm-marketplace/cc-dm");
  const [copy = ""] = await readdir(copies);
  expect(existsSync(join(copies, copy, "dist/server.js"))).toBe(true);
  return {
    asked: (await asked.exists()) ? await asked.text() : "",
    listed,
    packages: await packagesIn(join(copies, copy)),
  };

  async function claude(...words: readonly string[]): Promise<string> {
    const env = {
      HOME: join(world, "home"),
      PATH: [join(world, "bin"), "/usr/bin", "/bin"].join(":"),
      TMPDIR: world,
      CLAUDE_CODE_TMPDIR: world,
      ANTHROPIC_API_KEY: "sk-ant-fake-not-a-key",
      ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
    };
    const command = [...unshare, binary(version), ...words];
    const run = Bun.spawn(command, { cwd: world, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [said, complaint] = await Promise.all([run.stdout.text(), run.stderr.text()]);
    expect({ words, exit: await run.exited, complaint }).toEqual({ words, exit: 0, complaint: "" });
    return said;
  }
}

async function packagesIn(folder: string): Promise<string[]> {
  const modules = join(folder, "node_modules");
  return existsSync(modules) ? (await readdir(modules)).filter((name) => !name.startsWith(".")) : [];
}
