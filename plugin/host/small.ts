import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * The beginning of a file that somebody else may have made: a pipe by that name would keep us waiting for
 * good, and a device or a huge file fill the memory.
 *
 * @throws if it is no file, or cannot be read.
 */
export function readSmall(path: string, most: number): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is no file`);
    const bytes = Buffer.alloc(most);
    return bytes.subarray(0, readSync(file, bytes, 0, most, 0)).toString();
  } finally {
    closeSync(file);
  }
}
