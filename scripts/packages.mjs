// The development packages, without a lock file in the plugin's root that the client would know: Claude Code
// installs whatever a bun.lock, package-lock.json … beside package.json lists, development packages
// included, and 2.1.329 does it in a folder of its own where bunfig.toml does not count. So the lock file is
// bun.dev.lock here, and is called bun.lock only in a passing folder, where Bun installs from it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/**
 * Makes node_modules what package.json and bun.dev.lock say; does nothing, and needs no network, if it is that
 * already.
 *
 * @param {{ root: string, bun: string, relock?: boolean, say: (text: string) => void }} from
 *   `bun`: the executable; `relock`: resolve anew and write bun.dev.lock, after a change in package.json.
 * @throws {Error} with what Bun said, if it could not.
 */
export function installPackages({ root, bun, relock = false, say }) {
  const lock = join(root, "bun.dev.lock");
  const modules = join(root, "node_modules");
  if (!relock && installed(modules) === wanted(root, lock)) return;
  say("Installing the development packages into node_modules.");
  mkdirSync(join(root, ".cache"), { recursive: true });
  const passing = mkdtempSync(join(root, ".cache", "packages-"));
  try {
    writeFileSync(join(passing, "package.json"), manifest(root));
    if (existsSync(lock)) copyFileSync(lock, join(passing, "bun.lock"));
    mkdirSync(join(passing, "node_modules"));
    const words = relock ? ["install"] : ["install", "--frozen-lockfile"];
    const answer = spawnSync(bun, words, { cwd: passing, encoding: "utf8" });
    if (answer.status !== 0) throw new Error(answer.stderr || answer.error?.message || "bun install failed");
    if (relock) copyFileSync(join(passing, "bun.lock"), lock);
    writeFileSync(mark(join(passing, "node_modules")), wanted(root, lock));
    swap(join(passing, "node_modules"), modules, () => installed(modules) === wanted(root, lock));
  } finally {
    rmSync(passing, { recursive: true, force: true });
  }
}

/** Only what concerns packages: a new version number or script is no reason to install again. */
function manifest(root) {
  const { name, devDependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return JSON.stringify({ name, devDependencies });
}

function wanted(root, lock) {
  const locked = existsSync(lock) ? readFileSync(lock) : "";
  return createHash("sha256").update(manifest(root)).update(locked).digest("hex");
}

/** Written last and inside the folder, so that it goes when the folder goes. */
function mark(modules) {
  return join(modules, ".installed-from");
}

function installed(modules) {
  return existsSync(mark(modules)) ? readFileSync(mark(modules), "utf8") : undefined;
}

function swap(from, to, alreadyDone) {
  rmSync(to, { recursive: true, force: true });
  try {
    renameSync(from, to);
  } catch (error) {
    if (!alreadyDone()) throw error; // else another run of this was faster
  }
}
