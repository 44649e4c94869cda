/** scripts/packages.mjs: when it installs, and what it leaves behind. A stand-in for Bun does the installing. */
import { expect, test } from "bun:test";
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "../../scripts/packages.mjs";
import { scratch } from "./scratch.ts";

async function checkout() {
  const root = scratch();
  const bun = join(root, "bun");
  const calls = join(root, "calls");
  // Installs a package that holds the lock file it was given; resolving anew, it writes another one.
  await Bun.write(
    bun,
    `#!/bin/sh
echo "$*" >>"${calls}"
[ ! -f "${root}/offline" ] || { echo "no network" >&2; exit 1; }
[ "$*" = install ] && echo resolved >bun.lock
mkdir node_modules/zod && cp bun.lock node_modules/zod/lock
`,
  );
  chmodSync(bun, 0o755);
  const write = (version: string, zod: string) =>
    Bun.write(join(root, "package.json"), JSON.stringify({ name: "x", version, devDependencies: { zod } }));
  await write("1.0.0", "4");
  await Bun.write(join(root, "bun.dev.lock"), "locked\n");
  return {
    root,
    write,
    install: (relock = false) => installPackages({ root, bun, relock, say: () => {} }),
    calls: () => (existsSync(calls) ? readFileSync(calls, "utf8").split("\n").filter(Boolean) : []),
    lockOf: (path: string) => readFileSync(join(root, path), "utf8"),
  };
}

const frozen = "install --frozen-lockfile";

test("installs what is locked, once, and leaves no lock file that the client knows", async () => {
  const { root, install, calls, lockOf } = await checkout();
  install();
  install();
  expect(calls()).toEqual([frozen]);
  expect(lockOf("node_modules/zod/lock")).toBe("locked\n");
  expect(existsSync(join(root, "bun.lock"))).toBe(false);
  expect(readdirSync(join(root, ".cache"))).toEqual([]);
});

test("installs anew when the lock file or the packages change, not for a new version number", async () => {
  const { root, install, write, calls, lockOf } = await checkout();
  install();
  await write("1.0.1", "4");
  install();
  expect(calls()).toEqual([frozen]);
  await Bun.write(join(root, "bun.dev.lock"), "locked otherwise\n");
  install();
  expect(lockOf("node_modules/zod/lock")).toBe("locked otherwise\n");
  await write("1.0.1", "5");
  install();
  expect(calls()).toEqual([frozen, frozen, frozen]);
});

test("what could not be installed is tried again, and what was there stays", async () => {
  const { root, install, calls, lockOf } = await checkout();
  install();
  await Bun.write(join(root, "bun.dev.lock"), "newer\n");
  await Bun.write(join(root, "offline"), "");
  expect(() => install()).toThrow("no network");
  expect(lockOf("node_modules/zod/lock")).toBe("locked\n");
  await Bun.file(join(root, "offline")).delete();
  install();
  expect(lockOf("node_modules/zod/lock")).toBe("newer\n");
  expect(calls()).toEqual([frozen, frozen, frozen]);
});

test("resolves anew only when asked, and then writes bun.dev.lock", async () => {
  const { install, calls, lockOf } = await checkout();
  install(true);
  expect(lockOf("bun.dev.lock")).toBe("resolved\n");
  install();
  expect(calls()).toEqual(["install"]);
});
