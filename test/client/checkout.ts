import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { repo } from "./versions.ts";

/**
 * A git repository with what this work tree would commit now: what a person gets who clones it. No
 * packages and no caches, which the client would copy along.
 */
export async function checkOut(folder: string): Promise<void> {
  const listed = git(repo, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate");
  const deleted = new Set(git(repo, "ls-files", "-z", "--deleted").split("\0"));
  for (const path of listed.split("\0").filter((path) => path !== "" && !deleted.has(path))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(join(repo, path), join(folder, path));
  }
  git(folder, "init", "-q", "-b", "main");
  git(folder, "add", "-A");
  const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  git(folder, ...author, "-c", "commit.gpgsign=false", "commit", "-q", "-m", "As in the work tree");
}

function git(cwd: string, ...args: readonly string[]): string {
  // No hooks, templates or settings of the person at this machine.
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const run = Bun.spawnSync(["git", ...args], { cwd, env });
  if (!run.success) throw new Error(`git ${args.join(" ")}: ${run.stderr.toString()}`);
  return run.stdout.toString();
}
