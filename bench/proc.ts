import { readdirSync, readFileSync } from "node:fs";

/** Where Linux tells what a process costs; elsewhere these figures are left out. */
export const telling = process.platform === "linux";

interface Thread {
  readonly ns: number;
  readonly runs: number;
}

export interface Usage {
  /** Processor time of all its threads so far. */
  readonly cpuMs: number;
  /** How often one of its threads was given a processor so far. */
  readonly wakeUps: number;
  /** What of both each thread alive now had. */
  readonly threads: ReadonlyMap<string, Thread>;
  /** Bytes it handed to write calls so far, whatever for: files, sockets, pipes. */
  readonly written: number;
  /** Memory that it shares with nobody. */
  readonly privateMb: number;
}

/** @see proc(5); schedstat counts nanoseconds where stat counts in ticks of 10 ms. */
export function usageOf(pid: number): Usage {
  const threads = new Map(
    readdirSync(`/proc/${pid}/task`).map((thread) => [thread, threadOf(pid, thread)] as const),
  );
  const kb = [...read(`/proc/${pid}/smaps_rollup`).matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)];
  return {
    cpuMs: sum([...threads.values()].map(({ ns }) => ns)) / 1e6,
    wakeUps: sum([...threads.values()].map(({ runs }) => runs)),
    threads,
    written: Number(/^wchar: (\d+)$/m.exec(read(`/proc/${pid}/io`))?.[1]),
    privateMb: sum(kb.map((match) => Number(match[1]))) / 1024,
  };
}

/**
 * What was used from one look to the next. Threads that ended meanwhile have taken their figures with
 * them, and would count as less than nothing in a difference of sums.
 */
export function spent(before: Usage, after: Usage): Pick<Usage, "cpuMs" | "wakeUps" | "written"> {
  const grown = (of: keyof Thread) =>
    sum([...after.threads].map(([id, now]) => now[of] - (before.threads.get(id)?.[of] ?? 0)));
  return { cpuMs: grown("ns") / 1e6, wakeUps: grown("runs"), written: after.written - before.written };
}

function threadOf(pid: number, thread: string): Thread {
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
