import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file in one step: whoever reads it meanwhile, or after we were killed at it, finds the text from
 * before or this one, whole. Its rights are those that are given, whatever the umask.
 */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, text, { mode });
    chmodSync(draft, mode);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
