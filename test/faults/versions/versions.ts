import { join } from "node:path";

/** A build of the past, and the bus that sessions of it left behind. */
export interface Version {
  readonly commit: string;
  /** Its `user_version`. */
  readonly schema: number;
  /** When the bus was left. */
  readonly at: number;
  readonly bytes: number;
}

export interface Left {
  readonly version: Version;
  readonly file: Uint8Array;
}

// A line of JSON about each, then their files one after the other: alike, so they pack well.
const packed = join(import.meta.dir, "buses.zst");

export async function pack(all: readonly Left[]): Promise<void> {
  const head = all.map(({ version, file }) => ({ ...version, bytes: file.length }));
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...all.map(({ file }) => file)]);
  await Bun.write(packed, Bun.zstdCompressSync(whole, { level: 22 }));
}

export async function unpack(): Promise<readonly Left[]> {
  const whole = Bun.zstdDecompressSync(await Bun.file(packed).bytes());
  let from = whole.indexOf(10) + 1;
  const head = JSON.parse(whole.subarray(0, from).toString()) as readonly Version[];
  return head.map((version) => {
    const file = whole.subarray(from, from + version.bytes);
    from += version.bytes;
    return { version, file };
  });
}
