/** What one run of a program took, from outside. */
export interface Run {
  readonly ms: number;
  /** Processor time of all its threads. */
  readonly cpuMs: number;
  readonly code: number;
}

export interface Program {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
}

export async function timed({ command, env = {}, stdin = "", cwd }: Program): Promise<Run> {
  const before = performance.now();
  const child = Bun.spawn([...command], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdin: new Blob([stdin]),
    stdout: "ignore",
    stderr: "ignore",
    ...(cwd === undefined ? {} : { cwd }),
  });
  const code = await child.exited;
  const ms = performance.now() - before;
  return { ms, cpuMs: Number(child.resourceUsage()?.cpuTime.total ?? Number.NaN) / 1000, code };
}
