import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import type { ProcessMark } from "../core/model.ts";

/**
 * When a process started, as this system tells it, or null if there is no such process. With the
 * pid it names a process for good: pids are reused, pairs are not.
 */
export function startOf(pid: number): string | null {
  if (process.platform === "linux") return linuxStart(pid);
  if (!exists(pid)) return null;
  if (process.platform === "win32") return "?"; // nothing cheap tells it there
  return ps(pid, "lstart=");
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

/** The program file that a process runs, or null where the system does not tell. */
export function executableOf(pid: number): string | null {
  if (process.platform === "linux") {
    try {
      return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ""); // an update replaced it
    } catch {
      return null;
    }
  }
  return process.platform === "win32" ? null : ps(pid, "comm=");
}

/** What ps(1) says of a process in these columns; null: nothing. */
export function ps(pid: number, columns: string): string | null {
  const answer = spawnSync("ps", ["-o", columns, "-p", String(pid)], { encoding: "utf8", timeout: 2000 });
  return answer.stdout?.trim() || null;
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
  return (ps(pid, "args=") ?? "").split(/\s+/).filter(Boolean);
}

function linuxStart(pid: number): string | null {
  const fields = linuxStat(pid);
  if (fields === null || fields[0] === "Z" || fields[0] === "X") return null;
  return fields[19] ?? null; // field 22 of proc(5), starttime in clock ticks since boot
}

/** The fields of proc(5)'s stat from the third, state, on; null: there is none to be seen. */
export function linuxStat(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name stands in brackets and may hold anything, brackets and spaces too.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
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
