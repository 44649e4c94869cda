/** What a command takes from `node:fs`, with a point before, amid and after what it writes: see points.ts. */
import * as fs from "node:fs";

export * from "node:fs";

type Pass = (fd: number, bytes: Uint8Array) => void;

export function writeSync(fd: number, bytes: Uint8Array): number {
  (globalThis as unknown as { readonly pass: Pass }).pass(fd, bytes);
  return fs.writeSync(fd, bytes);
}
