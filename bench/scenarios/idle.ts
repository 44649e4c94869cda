import { join } from "node:path";
import { noFaults } from "../ledger.ts";
import type { Lines } from "../plot/plot.ts";
import { spent, telling, type Usage, usageOf } from "../proc.ts";
import { bySize, type Figure, type Scenario } from "../scenario.ts";
import { names, raise, type Stage } from "../stage.ts";
import { mean } from "../stats.ts";

const bare = 10;
const alone = 50;

/** Nobody writes, nobody reads: what open sessions cost. Fifty by themselves first, then beside other buses. */
export const idle: Scenario = {
  name: "idle",
  about: `idle sessions, beside ${bare} bare Bun processes with one 500 ms timer`,
  async run({ subject, size, say, record }) {
    if (!telling) return { figures: [], faults: noFaults, note: "only Linux tells these figures" };
    await using crowd = new AsyncDisposableStack();
    const open = async (count: number) => crowd.use(await raise(subject, names("s", count)));
    const first = bySize(size, alone, alone, 3);
    const fifty = await open(first);
    using timers = bareProcesses();
    say(`idle: ${first} sessions settle`);
    await Bun.sleep(bySize(size, 45_000, 15_000, 200));
    const watch = bySize(size, 60_000, 30_000, 500);
    const cost = await costs({ fifty: pidsOf(fifty), bare: timers.pids }, watch);
    record({ scenario: "idle", sessions: first, ...cost });

    const figures = [...figuresOf(first, cost.fifty, cost.bare, size !== "tiny" ? targets : untold)];
    const growing: Grown[] = [];
    if (size === "full") {
      const counts = [10, 100, 200];
      const stages = new Map<string, readonly number[]>([[String(first), pidsOf(fifty)]]);
      for (const count of counts) {
        say(`idle: raising ${count}`);
        stages.set(String(count), pidsOf(await open(count)));
      }
      say("idle: all settle");
      await Bun.sleep(15_000);
      const all = await costs<string>({ ...Object.fromEntries(stages), bare: timers.pids }, watch / 2);
      record({ scenario: "idle", sessions: "each on a bus of its own", ...all });
      for (const count of [10, first, 100, 200]) {
        const here = all[count];
        if (here === undefined || all.bare === undefined) continue;
        growing.push({ count, cpu: here.cpuMs, bare: all.bare.cpuMs });
        if (count !== first) figures.push(...figuresOf(count, here, all.bare, untold));
      }
    }
    return { figures, faults: noFaults, ...(growing.length > 0 ? { plot: plotOf(growing) } : {}) };
  },
};

type Cost = Omit<Usage, "threads">;

interface Grown {
  readonly count: number;
  readonly cpu: number;
  readonly bare: number;
}

const untold = { cpu: null, written: null, memory: null };
const targets = { cpu: { most: 1.2 }, written: { most: 9 }, memory: { most: 13 } };

function figuresOf(
  count: number,
  ours: Cost,
  timer: Cost,
  target: Record<keyof typeof untold, Figure["target"]>,
) {
  const against = (value: number) => ({ label: "bare timer", value });
  const of = `of ${count}, each:`;
  return [
    {
      what: `${of} CPU/min`,
      unit: "ms",
      subject: ours.cpuMs,
      baseline: against(timer.cpuMs),
      target: target.cpu,
    },
    {
      what: `${of} wake-ups/min`,
      unit: "",
      subject: ours.wakeUps,
      baseline: against(timer.wakeUps),
      target: null,
    },
    {
      what: `${of} written/min`,
      unit: "kB",
      subject: ours.written / 1000,
      baseline: null,
      target: target.written,
    },
    { what: `${of} private`, unit: "MB", subject: ours.privateMb, baseline: null, target: target.memory },
  ];
}

function plotOf(grown: readonly Grown[]): Lines {
  return {
    kind: "lines",
    title: "What one idle session costs, by how many are open on its bus",
    x: { label: "sessions on the bus", log: true, ticks: grown.map(({ count }) => count) },
    y: { label: "ms of processor a minute", log: false },
    series: [
      { label: "one session", points: grown.map(({ count, cpu }) => [count, cpu] as const) },
      {
        label: "bare Bun with a 500 ms timer",
        points: grown.map(({ count, bare }) => [count, bare] as const),
      },
    ],
  };
}

function pidsOf({ peers }: Stage): readonly number[] {
  return peers.map((peer) => peer.pid);
}

/** The mean per process: a minute's processor time, wake-ups and bytes, and its memory now. */
async function costs<Group extends string>(
  groups: Readonly<Record<Group, readonly number[]>>,
  ms: number,
): Promise<Record<Group, Cost>> {
  const entries = Object.entries(groups) as [Group, readonly number[]][];
  const look = () => entries.map(([, pids]) => pids.map(usageOf));
  const begun = performance.now();
  const before = look();
  await Bun.sleep(ms);
  const after = look();
  const minutes = (performance.now() - begun) / 60_000;
  const perMinute = (i: number, of: keyof ReturnType<typeof spent>) =>
    mean(
      (after[i] ?? []).map((usage, n) => {
        const then = before[i]?.[n];
        return then === undefined ? Number.NaN : spent(then, usage)[of] / minutes;
      }),
    );
  return Object.fromEntries(
    entries.map(([group], i) => [
      group,
      {
        cpuMs: perMinute(i, "cpuMs"),
        wakeUps: perMinute(i, "wakeUps"),
        written: perMinute(i, "written"),
        privateMb: mean((after[i] ?? []).map(({ privateMb }) => privateMb)),
      },
    ]),
  ) as Record<Group, Cost>;
}

function bareProcesses(): Disposable & { readonly pids: readonly number[] } {
  const children = Array.from({ length: bare }, () =>
    // A pipe as stdin, as the sessions have: an unused one costs nothing, a closed one would end it.
    Bun.spawn([process.execPath, join(import.meta.dir, "..", "bare.ts")], {
      stdin: "pipe",
      stdout: "ignore",
    }),
  );
  return {
    pids: children.map((child) => child.pid),
    [Symbol.dispose]() {
      for (const child of children) child.kill();
    },
  };
}
