import { readdirSync, readFileSync } from "node:fs";

/** Whether a process still runs. One that ended but that nobody has asked about yet does not: tmux may forget. */
export function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX\s]/m.test(read(pid, "status"));
}

/** The clients of a world and what they started, by the `CC_DM_HOME` they were given. */
export function running(folder: string): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => read(pid, "environ").includes(`CC_DM_HOME=${folder}/`))
    .map((pid) => ({ pid, command: read(pid, "cmdline").replaceAll("\0", " ").trim() }));
}

/** A process may end, or turn out to be somebody else's, between the listing and the look. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
