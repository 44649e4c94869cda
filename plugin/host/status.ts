import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EpochMs, ProcessMark } from "../core/model.ts";

/** What a client notes of itself for its own use. */
export interface ClientStatus {
  readonly status: "idle" | "busy" | "waiting";
  /** What it waits for, in its words. */
  readonly waitingFor: string | null;
  readonly at: EpochMs;
}

/** @param config the client's own folder: `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export function statusFile(config: string, client: ProcessMark): string {
  return join(config, "sessions", `${client.pid}.json`);
}

/**
 * The client's note of its own state, or null if there is none that can be understood. Measured on
 * 2.1.197 to 2.1.329: rewritten within 10 to 100 ms of every change, also of those that no hook tells
 * (a dialog that was allowed, Escape before the first word). It is the client's private format: a
 * hint that corrects what hooks told, never needed, and no evidence that anything was read.
 */
export function clientStatus(file: string, client: ProcessMark): ClientStatus | null {
  let note: Readonly<Record<string, unknown>> | null;
  try {
    note = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>> | null;
  } catch {
    return null; // none, or half written
  }
  if (note === null || typeof note !== "object" || note.pid !== client.pid) return null;
  // Left behind by another process of that number.
  if (process.platform === "linux" && note.procStart !== undefined && String(note.procStart) !== client.start)
    return null;
  const { status, statusUpdatedAt: at, waitingFor } = note;
  if ((status !== "idle" && status !== "busy" && status !== "waiting") || typeof at !== "number") return null;
  return { status, at, waitingFor: typeof waitingFor === "string" ? waitingFor : null };
}
