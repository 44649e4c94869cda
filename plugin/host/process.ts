import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { ProcessMark } from "../core/model.ts";

/**
 * When a process started, as this system tells it, or null if there is no such process. With the
 * pid it names a process for good: pids are reused, pairs are not.
 */
export function startOf(pid: number): string | null {
  if (process.platform === "linux") return linuxStart(pid);
  if (!exists(pid)) return null;
  if (process.platform === "win32") return "?"; // nothing cheap tells it there
  const answer = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", timeout: 2000 });
  return answer.stdout?.trim() || null;
}

export function markOf(pid: number): ProcessMark {
  return { pid, start: startOf(pid) ?? "?" };
}

/**
 * Whether exactly this process still runs; a zombie does not.
 *
 * @param heardLately it gave a sign of life a moment ago, so its pid cannot have been reused yet.
 *        Where only a `ps` process tells a start time (macOS), the pid alone then has to do.
 */
export function isRunning(mark: ProcessMark, heardLately = false): boolean {
  if (mark.pid <= 1) return false;
  if (mark.start === "?" || (heardLately && process.platform !== "linux")) return exists(mark.pid);
  return startOf(mark.pid) === mark.start;
}

/** The words a process was started with; empty where the system does not tell. */
export function commandLine(pid: number): readonly string[] {
  if (process.platform === "linux") {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
    } catch {
      return [];
    }
  }
  if (process.platform === "win32") return [];
  const answer = spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8", timeout: 2000 });
  return (answer.stdout ?? "").trim().split(/\s+/).filter(Boolean);
}

function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name stands in brackets and may hold anything, brackets and spaces too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return fields[19] ?? null; // field 22 of proc(5), starttime in clock ticks since boot
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
