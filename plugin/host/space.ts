import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";

export interface Space {
  readonly freeBytes: number;
  readonly wholeBytes: number;
  /** Files that can still be made; null where the file system has no such limit. */
  readonly freeFiles: number | null;
}

/** Room on the disk on which a path lies, or will lie; null where the system does not tell. */
export function spaceAt(path: string): Space | null {
  try {
    const { bavail, blocks, bsize, ffree, files } = statfsSync(nearest(path));
    return {
      freeBytes: bavail * bsize,
      wholeBytes: blocks * bsize,
      freeFiles: files > 0 ? ffree : null, // btrfs and others count none
    };
  } catch {
    return null;
  }
}

/** The path itself, or the nearest folder above it that is there. */
export function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

/** Of a file, in bytes; 0 if it is not there. */
export function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
