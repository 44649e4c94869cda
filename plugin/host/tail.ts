import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const tailBytes = 512 * 1024;

/** The end of a file as text, or "" if it cannot be read. Its first line may be cut. */
export function tail(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.alloc(Math.min(size, tailBytes));
      const read = readSync(file, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString("utf8", 0, read);
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}
