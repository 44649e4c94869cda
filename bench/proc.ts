import { readdirSync, readFileSync } from "node:fs";

/** Where Linux tells what a process costs; elsewhere these figures are left out. */
export const telling = process.platform === "linux";

export interface Usage {
  /** Processor time of all its threads so far. */
  readonly cpuMs: number;
  /** Bytes it handed to write calls so far, whatever for: files, sockets, pipes. */
  readonly written: number;
  /** Memory that it shares with nobody. */
  readonly privateMb: number;
}

/** @see proc(5); schedstat counts nanoseconds where stat counts in ticks of 10 ms. */
export function usageOf(pid: number): Usage {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0]),
  );
  const kb = [...read(`/proc/${pid}/smaps_rollup`).matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)];
  return {
    cpuMs: sum(threads) / 1e6,
    written: Number(/^wchar: (\d+)$/m.exec(read(`/proc/${pid}/io`))?.[1]),
    privateMb: sum(kb.map((match) => Number(match[1]))) / 1024,
  };
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
