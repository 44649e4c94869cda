import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { isRunning, markOf } from "../../host/process.ts";

/**
 * Takes a lock that does not need the database: a file that names its holder. One whose holder was
 * killed is nobody's.
 *
 * @returns a function that lets go; null: another process that runs holds it.
 */
export function hold(path: string): (() => void) | null {
  const { pid, start } = markOf(process.pid);
  const mine = `${path}.${pid}`;
  writeFileSync(mine, JSON.stringify({ pid, start }), { mode: 0o600 });
  try {
    for (let tries = 0; tries < 2; tries++) {
      try {
        linkSync(mine, path);
        return () => remove(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        if (isHeld(path)) return null;
        remove(path);
      }
    }
    return null;
  } finally {
    remove(mine);
  }
}

/** Whether another process that runs has it. */
export function isHeldElsewhere(path: string): boolean {
  try {
    const holder = JSON.parse(readFileSync(path, "utf8")) as { pid: number; start: string };
    return holder.pid !== process.pid && isRunning(holder);
  } catch {
    return false; // there is none, as nearly always
  }
}

function isHeld(path: string): boolean {
  try {
    return isRunning(JSON.parse(readFileSync(path, "utf8")) as { pid: number; start: string });
  } catch {
    return false;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {} // somebody else did
}
