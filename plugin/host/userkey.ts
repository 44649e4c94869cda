import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DmError } from "../core/errors.ts";
import { type Keys, keysFrom, newPrivateKey } from "../core/keys.ts";
import type { SessionId } from "../core/model.ts";

/**
 * The key of the person at this machine, made at its first use. A file that this user can read and
 * nobody else; so can every program that runs as this user (SECURITY.md).
 *
 * @throws DmError `bad_user_key` if it cannot be used; an error of the system if none can be made.
 */
export function userKeys(folder: string): Keys {
  const path = join(folder, "user.key");
  const found = read(path);
  if (found !== null) return found;
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
  return read(path) ?? userKeys(folder);
}

/**
 * Whether an id is that of the person at this machine. Asked only of mail that says so, and the file is
 * read each time: the first message from the person may come after whoever asks was started.
 */
export function personCheck(folder: () => string): (id: SessionId) => boolean {
  return (id) => {
    try {
      return read(join(folder(), "user.key"))?.id === id;
    } catch {
      return false;
    }
  };
}

function read(path: string): Keys | null {
  try {
    return keysFrom(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new DmError(
      "bad_user_key",
      `${path}, the key with which the user of this machine decides, cannot be used (${String(error)}). Move it away: a new one is made; sessions that run now have to be restarted.`,
      { cause: error },
    );
  }
}
