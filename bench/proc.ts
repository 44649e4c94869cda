import { readdirSync, readFileSync } from "node:fs";

/** Where Linux tells what a process costs; elsewhere these figures are left out. */
export const telling = process.platform === "linux";

export interface Usage {
  /** Processor time of all its threads so far. */
  readonly cpuMs: number;
  /** How often one of its threads was given a processor so far. */
  readonly wakeUps: number;
  /** Bytes it handed to write calls so far, whatever for: files, sockets, pipes. */
  readonly written: number;
  /** Memory that it shares with nobody. */
  readonly privateMb: number;
}

/** @see proc(5); schedstat counts nanoseconds where stat counts in ticks of 10 ms. */
export function usageOf(pid: number): Usage {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => threadOf(pid, thread));
  const kb = [...read(`/proc/${pid}/smaps_rollup`).matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)];
  return {
    cpuMs: sum(threads.map(({ ns }) => ns)) / 1e6,
    wakeUps: sum(threads.map(({ runs }) => runs)),
    written: Number(/^wchar: (\d+)$/m.exec(read(`/proc/${pid}/io`))?.[1]),
    privateMb: sum(kb.map((match) => Number(match[1]))) / 1024,
  };
}

/** A thread may end between two looks; it then counts for nothing. */
function threadOf(pid: number, thread: string): { ns: number; runs: number } {
  try {
    const [ns = 0, , runs = 0] = read(`/proc/${pid}/task/${thread}/schedstat`).split(" ").map(Number);
    return { ns, runs };
  } catch {
    return { ns: 0, runs: 0 };
  }
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
