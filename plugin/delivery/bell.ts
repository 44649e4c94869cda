import { unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../core/clock.ts";
import type { SessionId } from "../core/model.ts";

// 121 bytes fail on Linux, macOS allows 104.
const longestPath = 100;

/** Where a session's bell hangs, or null if the path would be too long for a socket: then the poll serves. */
export function bellPath(folder: string, id: SessionId): string | null {
  const path = join(folder, id.slice(0, 13));
  return Buffer.byteLength(path) <= longestPath ? path : null;
}

/**
 * Listens for rings. A ring carries nothing, the truth is the store. (`fs.watch` was measured too:
 * it fires before a commit can be read, and wakes everybody.)
 *
 * @returns a function that takes the bell down.
 * @throws if the socket cannot be made; the caller goes on without.
 */
export function hangBell(path: string, onRing: () => void): () => void {
  removeFile(path); // a killed server leaves its socket behind
  const listener = Bun.listen({
    unix: path,
    socket: {
      open(socket) {
        socket.end();
        onRing();
      },
      data() {},
      error() {},
    },
  });
  return () => {
    listener.stop(true);
    removeFile(path);
  };
}

/**
 * Rings bells: connect and close. At most one connection per bell and turn of the event loop, and
 * every error ignored: a stopped receiver refuses too, and the poll covers what is missed.
 */
export function ringer(clock: Clock): (path: string) => void {
  const waiting = new Set<string>();
  return (path) => {
    if (waiting.has(path)) return;
    waiting.add(path);
    clock.soon(() => {
      waiting.delete(path);
      Bun.connect({
        unix: path,
        socket: { open: (socket) => void socket.end(), data() {}, error() {}, connectError() {} },
      }).catch(() => {});
    });
  };
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {} // not there: as wanted
}
