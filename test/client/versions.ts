import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Each of these runs all tests of this folder. The newest, and the one the public docs describe. */
export const versions = ["2.1.329", "2.1.240"] as const;

export const repo = resolve(import.meta.dir, "../..");

/** Where `install.ts` puts the clients, a folder per version. */
export const clientsFolder = process.env.CC_DM_TEST_CLIENTS || join(repo, ".cache/clients");

/** The client's own executable: started directly, so that no install script of the package must run. */
export function binary(version: string): string {
  const platform = `claude-code-${process.platform}-${process.arch}`;
  return join(clientsFolder, version, "node_modules/@anthropic-ai", platform, "claude");
}

/** How to enter a network namespace of one's own; root needs no user namespace for it. */
export const unshare = process.getuid?.() === 0 ? ["unshare", "-n"] : ["unshare", "-rn"];

/** Why the real client cannot be tested here, or undefined if it can. */
export function absent(version: string): string | undefined {
  if (process.platform !== "linux")
    return "needs Linux: the client runs in a network namespace without a way out";
  for (const program of ["tmux", "unshare", "nsenter", "setpriv", "git"]) {
    if (!Bun.which(program)) return `${program} is not installed`;
  }
  if (!Bun.spawnSync([...unshare, "true"]).success) return `${unshare.join(" ")} is not permitted here`;
  if (!existsSync(binary(version))) {
    return `Claude Code ${version} is not in ${clientsFolder}; install it with: bun test/client/install.ts ${version}`;
  }
  return undefined;
}

/**
 * Whether to run the tests of this version here. Where everything must be there (`CI=true`) they run in
 * any case, and fail with the reason.
 */
export function runsHere(version: string): boolean {
  const reason = absent(version);
  if (reason === undefined) return true;
  console.warn(`Not tested on Claude Code ${version}: ${reason}`);
  return process.env.CI === "true";
}
