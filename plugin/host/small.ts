import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * Opens what somebody else may have made: a pipe by that name would keep us waiting for good, and a device
 * never end.
 *
 * @throws if it is no file, or cannot be read.
 */
export function withFile<T>(path: string, use: (file: number, size: number) => T): T {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error(`${path} is no file`);
    return use(file, found.size);
  } finally {
    closeSync(file);
  }
}

/** The beginning of a file, which may be huge. @throws as `withFile`. */
export function readSmall(path: string, most: number): string {
  return withFile(path, (file) => {
    const bytes = Buffer.alloc(most);
    return bytes.subarray(0, readSync(file, bytes, 0, most, 0)).toString();
  });
}
