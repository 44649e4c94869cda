import { readFileSync } from "node:fs";

/** Whether a process still runs. One that ended but that nobody has asked about yet does not: tmux may forget. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
