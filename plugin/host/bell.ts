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
  const listener = alone(() =>
    Bun.listen({
      unix: path,
      socket: {
        open(socket) {
          socket.end();
          onRing();
        },
        data() {},
        error() {},
      },
    }),
  );
  return () => {
    listener.stop(true);
    removeFile(path);
  };
}

/**
 * Rings bells: connect and close. The first ring of a bell goes out at once, further ones within the
 * same turn of the event loop make one more together (without that, throughput halves). Errors are
 * ignored: a stopped receiver refuses too, and the poll covers what is missed.
 */
export function ringer(clock: Clock): (path: string) => void {
  const rung = new Map<string, "once" | "again">();
  return (path) => {
    if (rung.has(path)) {
      rung.set(path, "again");
      return;
    }
    rung.set(path, "once");
    connect(path);
    clock.soon(() => {
      if (rung.get(path) === "again") connect(path);
      rung.delete(path);
    });
  };
}

function connect(path: string): void {
  const socket = { open: (one: Bun.Socket) => void one.end(), data() {}, error() {}, connectError() {} };
  Bun.connect({ unix: path, socket }).catch(() => {});
}

/** What is made meanwhile is this user's alone, whatever the umask. */
function alone<T>(make: () => T): T {
  const usual = process.umask(0o177);
  try {
    return make();
  } finally {
    process.umask(usual);
  }
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {} // not there: as wanted
}
