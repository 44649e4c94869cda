import { readSync } from "node:fs";
import { withFile } from "./small.ts";

const tailBytes = 512 * 1024;

/** The end of a file as text, or "" if it cannot be read. Its first line may be cut. */
export function tail(path: string, most = tailBytes): string {
  return read(path, (size) => Math.max(0, size - most))?.bytes.toString() ?? "";
}

/** What was added to a file, line by line; of a file not read before, its end. */
export interface Follower {
  /** @returns whole lines that were not returned before, "" if there are none. */
  more(path: string): string;
}

export function follower(): Follower {
  let file = "";
  let offset = 0;
  return {
    more(path) {
      const known = path === file;
      // A long pause adds more than is worth reading; a file that shrank is another one.
      const from = (size: number) =>
        known && size >= offset && size - offset <= tailBytes ? offset : Math.max(0, size - tailBytes);
      const piece = read(path, from);
      if (piece === null) return "";
      file = path;
      const end = piece.bytes.lastIndexOf(10) + 1; // the last line may still be written
      offset = piece.from + end;
      return piece.bytes.toString("utf8", 0, end);
    },
  };
}

function read(
  path: string,
  start: (size: number) => number,
): { readonly bytes: Buffer; readonly from: number } | null {
  try {
    return withFile(path, (file, size) => {
      const from = start(size);
      const buffer = Buffer.alloc(size - from);
      return { bytes: buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from)), from };
    });
  } catch {
    return null;
  }
}
