import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** A file that is read in pieces, as large as it was when it was opened. */
export interface OpenFile {
  readonly size: number;
  read(from: number, to: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Null if there is no such file, or it is none: a pipe would never end. @throws what the system says of others. */
export async function openFile(path: string): Promise<OpenFile | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR", "ENXIO"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  });
  if (file === null) return null;
  const found = await file.stat();
  if (!found.isFile()) {
    await file.close();
    return null;
  }
  return {
    size: found.size,
    async read(from, to) {
      const bytes = Buffer.alloc(Math.max(0, to - from));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
