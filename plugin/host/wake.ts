import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EpochMs, Place, ProcessMark } from "../core/model.ts";

/** hooks.json matches FileChanged by this base name, so that foreign files cost no process. */
export const wakeFileName = "cc-dm.wake";

/** The file that a client watches and its server, or a sender when the server died, touches. */
export function wakeFile(clients: string, client: ProcessMark, place: Place): string {
  // Not from node:crypto: loading it takes 8 ms of processor, a third of a hook that has nothing to verify.
  const mark = new Bun.CryptoHasher("sha256")
    .update(`${place.boot} ${place.pidSpace} ${client.start}`)
    .digest("hex")
    .slice(0, 8);
  return join(clients, `${client.pid}-${mark}`, wakeFileName);
}

/** @throws if the file cannot be written. */
export function touch(path: string, now: EpochMs): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${now}\n`, { mode: 0o600 });
}

/**
 * When to touch: at once for new mail (the client merges bursts by itself); again for the same mail
 * after two seconds, doubling to a minute, since the client's first watch may start after the first
 * touch and a hook may be killed.
 */
export function wakePace(): { due(now: EpochMs, newest: number): boolean } {
  let touchedFor = 0;
  let next = 0;
  let gap = 0;
  return {
    due(now, newest) {
      const fresh = newest > touchedFor;
      if (!fresh && now < next && next - now <= gap) return false; // a clock set back must not silence it
      touchedFor = newest;
      gap = fresh ? 2000 : Math.min(60_000, gap * 2);
      next = now + gap;
      return true;
    },
  };
}
