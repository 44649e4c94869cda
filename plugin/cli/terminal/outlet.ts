import { fstatSync, writeSync } from "node:fs";

/** Where results go: stdout, by the cheapest way that serves. */
export interface Outlet {
  readonly write: (text: string) => void;
  /** Resolves when all of it was taken: true; or when nobody will: false. */
  readonly written: () => Promise<boolean>;
  /** The stream; from here on no write holds up what else runs, however slow the reader is. */
  readonly stream: () => NodeJS.WriteStream;
}

interface Descriptor {
  /** @returns how many bytes were taken. */
  readonly write: (bytes: Uint8Array) => number;
  /** Made when it is asked first. */
  readonly stream: () => NodeJS.WriteStream;
  /** What to do when nothing more can be written. */
  readonly failed: (error: NodeJS.ErrnoException) => void;
}

/** The descriptor of stdout. */
export const stdout: Pick<Descriptor, "write" | "stream"> = {
  write: (bytes) => writeSync(1, bytes),
  stream: () => process.stdout,
};

/**
 * `process.stdout` takes 13 ms to be made, of 20 that a short command takes: so it is made for a terminal, for
 * what runs on until it is interrupted, and where a pipe takes no more now.
 */
export function outletOf({ write, stream, failed }: Descriptor): Outlet {
  let flowing: NodeJS.WriteStream | null = null;
  let taken = Promise.resolve(true);

  function flow(): NodeJS.WriteStream {
    if (flowing === null) {
      flowing = stream();
      flowing.on("error", failed);
    }
    return flowing;
  }

  // An empty write behind it succeeds at once, whatever became of the others (Bun 1.4.5).
  function give(text: string | Uint8Array): void {
    const one = new Promise<boolean>((resolve) => flow().write(text, (error) => resolve(error == null)));
    taken = Promise.all([taken, one]).then((all) => all.every(Boolean));
  }

  return {
    written: () => taken,
    stream: flow,
    write(text) {
      if (flowing !== null) return give(text);
      let rest: Uint8Array = Buffer.from(text);
      try {
        while (rest.length > 0) rest = rest.subarray(write(rest));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EAGAIN") return give(rest);
        taken = Promise.resolve(false);
        failed(error as NodeJS.ErrnoException);
      }
    },
  };
}

/** Tells of what is neither terminal nor other device (a file, a pipe) without making its stream. */
export function isTerminal(descriptor: number, stream: () => { readonly isTTY?: boolean }): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && stream().isTTY === true;
  } catch {
    return false; // closed
  }
}
