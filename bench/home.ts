import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | null = null;

/** A folder for one bus. All of one run lie in one folder, which goes with it however it ends. */
export function freshHome(): Promise<string> {
  if (folder === null) {
    const mine = mkdtempSync(join(tmpdir(), "ccdm-")); // short, because a socket's path must be
    process.once("exit", () => rmSync(mine, { recursive: true, force: true }));
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
    folder = mine;
  }
  return mkdtemp(join(folder, "h"));
}
