import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Keys, keysFrom, newPrivateKey } from "../core/keys.ts";

/**
 * The key of the person at this machine, made at its first use. A file that this user can read and
 * nobody else; so can every program that runs as this user (SECURITY.md).
 *
 * @throws if it can be neither read nor made.
 */
export function userKeys(folder: string): Keys {
  const path = join(folder, "user.key");
  try {
    return keysFrom(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  // Two programs may make it at once: whoever links first wins, and it is never half written.
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, newPrivateKey(), { mode: 0o600 });
  try {
    linkSync(mine, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(mine);
  }
  return keysFrom(readFileSync(path, "utf8"));
}
