import { join } from "node:path";
import { noFaults } from "../ledger.ts";
import { telling, type Usage, usageOf } from "../proc.ts";
import type { Scenario } from "../scenario.ts";
import { names, raise } from "../stage.ts";
import { mean, median } from "../stats.ts";

const sessions = 50;
const bare = 10;

/** Nobody writes, nobody reads: what fifty open sessions cost. */
export const idle: Scenario = {
  name: "idle",
  about: `${sessions} idle sessions, beside ${bare} bare Bun processes with one 500 ms timer`,
  async run({ subject, quick, say, record }) {
    if (!telling) return { figures: [], faults: noFaults, note: "only Linux tells these figures" };
    const settleMs = quick ? 15_000 : 90_000;
    const watchMs = quick ? 30_000 : 180_000;
    await using stage = await raise(subject, names("s", sessions));
    using others = bareProcesses();
    say(`idle: settling for ${settleMs / 1000} s`);
    await Bun.sleep(settleMs);
    const pids = { subject: stage.peers.map((peer) => peer.pid), bare: others.pids };
    const before = {
      at: performance.now(),
      subject: pids.subject.map(usageOf),
      bare: pids.bare.map(usageOf),
    };
    say(`idle: watching for ${watchMs / 1000} s`);
    await Bun.sleep(watchMs);
    const after = { at: performance.now(), subject: pids.subject.map(usageOf), bare: pids.bare.map(usageOf) };

    const minutes = (after.at - before.at) / 60_000;
    const grown = (whose: "subject" | "bare", of: keyof Usage) =>
      after[whose].map((usage, i) => (usage[of] - (before[whose][i]?.[of] ?? Number.NaN)) / minutes);
    const now = (whose: "subject" | "bare") => median(after[whose].map((usage) => usage.privateMb));
    const baseline = (value: number) => ({ label: "bare timer", value });
    const cpu = { subject: mean(grown("subject", "cpuMs")), bare: mean(grown("bare", "cpuMs")) };
    const written = median(grown("subject", "written")) / 1000;
    record({ scenario: "idle", minutes, cpu_ms_per_minute: cpu, written_kb_per_minute: written });
    return {
      figures: [
        {
          what: "CPU per minute",
          unit: "ms",
          subject: cpu.subject,
          baseline: baseline(cpu.bare),
          target: { most: 1.2 },
        },
        {
          what: "written per minute",
          unit: "kB",
          subject: written,
          baseline: null,
          target: { most: 9 },
        },
        {
          what: "private memory",
          unit: "MB",
          subject: now("subject"),
          baseline: null,
          target: { most: 13 },
        },
        {
          what: "private, bare process",
          unit: "MB",
          subject: now("bare"),
          baseline: null,
          target: null,
        },
      ],
      faults: noFaults,
    };
  },
};

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
