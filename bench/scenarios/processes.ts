import { join } from "node:path";
import { pluginRoot } from "../../demo/launch.ts";
import { noFaults } from "../ledger.ts";
import { beside } from "../plot/beside.ts";
import { bySize, type Figure, type Report, type Setup } from "../scenario.ts";
import { median } from "../stats.ts";
import { type Program, type Run, timed } from "../timed.ts";

/** One of our short programs, and the exit code it must end with. */
export interface Short {
  readonly what: string;
  readonly program: () => Program;
  readonly code: number;
  /** Before each run, not measured. */
  readonly prepare?: () => Promise<unknown>;
}

export interface Shorts {
  readonly scenario: string;
  readonly title: string;
  readonly programs: readonly Short[];
}

/** Each program by turns with a Bun that does nothing: what is above that is ours. */
export async function measureShorts(setup: Setup, { scenario, title, programs }: Shorts): Promise<Report> {
  const rounds = bySize(setup.size, 15, 5, 1);
  const runs = new Map<string, Run[]>(programs.map(({ what }) => [what, []]));
  const bare: Run[] = [];
  let refused = 0;
  const nothing = { command: ["bun", join(import.meta.dir, "..", "nothing.ts")] };
  for (let round = 0; round <= rounds; round++) {
    for (const { what, program, code, prepare } of programs) {
      setup.say(`${scenario} ${round}/${rounds} ${what}`);
      await prepare?.();
      const run = await timed(program());
      if (run.code !== code) refused += 1;
      const beside = await timed(nothing);
      if (round === 0) continue; // files come from the disk
      runs.get(what)?.push(run);
      bare.push(beside);
      setup.record({ scenario, what, round, ...run });
    }
  }
  const of = (key: "ms" | "cpuMs", unit: string): readonly Figure[] =>
    programs.map(({ what }) => ({
      what: key === "ms" ? what : `${what}, CPU`,
      unit,
      subject: median((runs.get(what) ?? []).map((run) => run[key])),
      baseline: { label: "bare Bun", value: median(bare.map((run) => run[key])) },
      target: null,
    }));
  const wall = of("ms", "ms");
  return {
    figures: [...wall, ...of("cpuMs", "ms")],
    faults: { ...noFaults, refused },
    plot: beside(title, setup.subject.label, wall),
  };
}

/** One of our bundles. */
export function bundle(name: string): string {
  return join(pluginRoot, "dist", name);
}
