/** dist/: what the client runs. */
import { expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../../scripts/build.ts";
import { checkDist } from "../../scripts/dist.ts";
import { root, scratch } from "./scratch.ts";

test("two builds give the same bytes", async () => {
  const [one, other] = [scratch(), scratch()];
  const names = await build(one);
  await build(other);
  for (const name of names) {
    const bytes = await Bun.file(join(one, name)).bytes();
    expect(bytes.length).toBeGreaterThan(name.includes("/") ? 20 : 1000);
    expect(await Bun.file(join(other, name)).bytes()).toEqual(bytes);
  }
});

test("a bundle that is not what the sources say is noticed, one that is missing, one too many", async () => {
  const folder = scratch();
  const dist = join(folder, "dist");
  await build(dist);
  expect(await checkDist(folder)).toEqual([]);
  await Bun.write(join(dist, "server.js"), `${await Bun.file(join(dist, "server.js")).text()}\n`);
  await Bun.file(join(dist, "hook.js")).delete();
  await Bun.write(join(dist, "cli/read-whom.js"), "");
  expect([...(await checkDist(folder))].sort()).toEqual([
    expect.stringContaining("dist/cli/read-whom.js comes from no build."),
    expect.stringContaining("dist/hook.js is missing."),
    expect.stringContaining("dist/server.js differs"),
  ]);
});

test("the hook carries neither zod nor the SDK: it starts anew for every wake", async () => {
  const traces = /ZodError|JSONRPC|modelcontextprotocol/;
  expect(await Bun.file(join(root, "dist/server.js")).text()).toMatch(traces);
  expect(await Bun.file(join(root, "dist/hook.js")).text()).not.toMatch(traces);
});

test("the command can be started by itself", () => {
  const file = join(root, "dist/cli.js");
  expect(readFileSync(file, "utf8")).toStartWith("#!/usr/bin/env node\n");
  expect(statSync(file).mode & 0o111).toBe(0o111);
});

test("server and hook run with no packages anywhere near", async () => {
  const folder = scratch();
  await cp(join(root, "dist"), folder, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: folder, CC_DM_HOME: join(folder, "bus"), CC_DM: "off" };
  const start = (name: string, input: string, ...words: readonly string[]) =>
    Bun.spawnSync([process.execPath, join(folder, name), ...words], {
      cwd: folder,
      env,
      stdin: Buffer.from(input),
    });
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  };
  const server = start(
    "server.js",
    `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`,
  );
  expect(JSON.parse(server.stdout.toString()).result.serverInfo.name).toBe("cc-dm");
  const hook = start("hook.js", "{}", "session-start");
  expect(JSON.parse(hook.stdout.toString()).hookSpecificOutput.hookEventName).toBe("SessionStart");
});
