import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { Place } from "../core/model.ts";

/** Where this process lives: machine, boot and pid namespace. */
export function thisPlace(): Place {
  return {
    machine: hostname(),
    boot: read("/proc/sys/kernel/random/boot_id") ?? macBoot() ?? "?",
    pidSpace: link("/proc/self/ns/pid") ?? "?",
  };
}

/** Only then does a pid of `other` mean anything here. */
export function sharesPids(a: Place, b: Place): boolean {
  return a.boot === b.boot && a.pidSpace === b.pidSpace && (a.boot !== "?" || a.machine === b.machine);
}

function macBoot(): string | null {
  if (process.platform !== "darwin") return null;
  // A UUID per boot. (kern.boottime moves when the clock is set, so it would not do.)
  const answer = spawnSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8", timeout: 2000 });
  return answer.stdout?.trim() || null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim() || null;
  } catch {
    return null;
  }
}

function link(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
