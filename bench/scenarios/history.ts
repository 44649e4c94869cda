import type { Call } from "../contender.ts";
import { sumFaults } from "../ledger.ts";
import { beside } from "../plot/beside.ts";
import { spent, telling, type Usage, usageOf } from "../proc.ts";
import { bySize, type Figure, type Scenario } from "../scenario.ts";
import { names, raise, type Stage } from "../stage.ts";
import { median } from "../stats.ts";

// A session may send 5,000 a minute, so many of them fill the mailbox.
const each = 4_000;
const inFlight = 16;

/** The same on a fresh bus and on one whose mailbox has been written to for a long time. */
export const history: Scenario = {
  name: "history",
  about: "a mailbox with 100,000 messages of history, against an empty one",
  async run({ subject, size, say, record }) {
    const writers = bySize(size, 25, 3, 1);
    const messages = writers * bySize(size, each, each, 20);
    await using full = await raise(subject, ["alice", "bob", ...names("w", writers)]);
    // As many sessions on both: only the history differs.
    await using fresh = await raise(subject, ["alice", "bob", ...names("w", writers)]);
    await fill(full, messages / writers, say);
    const took = new Map<string, { full: number[]; fresh: number[] }>(
      works.map(({ what }) => [what, { full: [], fresh: [] }]),
    );
    const rounds = bySize(size, 60, 20, 1);
    for (let round = 0; round < rounds; round++) {
      say(`history ${round + 1}/${rounds}`);
      for (const { what, work } of works) {
        took.get(what)?.full.push(await work(full));
        took.get(what)?.fresh.push(await work(fresh));
      }
    }
    const idleFor = bySize(size, 15_000, 5_000, 100);
    const polls = telling ? await pollsOf([full, fresh], idleFor) : [];
    record({ scenario: "history", messages, polls, ...Object.fromEntries(took) });
    const figures: readonly Figure[] = works.map(({ what }) => ({
      what,
      unit: "ms",
      subject: median(took.get(what)?.full ?? []),
      baseline: { label: "fresh", value: median(took.get(what)?.fresh ?? []) },
      target: null,
    }));
    const [onFull = Number.NaN, onFresh = Number.NaN] = polls;
    const idle: Figure = {
      what: "idle, CPU/min",
      unit: "ms",
      subject: onFull,
      baseline: { label: "fresh", value: onFresh },
      target: null,
    };
    return {
      figures: telling ? [...figures, idle] : figures,
      faults: sumFaults([full.ledger.faults(), fresh.ledger.faults()]),
      plot: beside(
        "Does it grow with history? Median of one call",
        `after ${messages.toLocaleString("en")} messages`,
        figures,
      ),
    };
  },
};

const words = ["harbour", "lantern", "orchard", "velvet"];

async function fill({ peers, ledger, ...stage }: Stage, count: number, say: (line: string) => void) {
  const [, bob, ...writers] = peers;
  if (bob === undefined) throw new Error("nobody on stage");
  for (const [i, writer] of writers.entries()) {
    say(`history: ${i * count} written`);
    let left = count;
    const lane = async () => {
      while (left-- > 0) await stage.dm(writer, bob, words[left % words.length]);
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    await ledger.all(60_000);
  }
}

interface Work {
  readonly what: string;
  /** @returns milliseconds. */
  readonly work: (stage: Stage) => Promise<number>;
}

const works: readonly Work[] = [
  {
    what: "send, until answered",
    work: ({ peers: [alice, bob], dm }) => (alice && bob ? dm(alice, bob) : never()),
  },
  {
    what: "send, until there",
    async work({ peers: [alice, bob], dm, ledger }) {
      const before = performance.now();
      if (alice && bob) await dm(alice, bob);
      await ledger.all(10_000);
      return performance.now() - before;
    },
  },
  { what: "who", work: (stage) => call(stage, { tool: "who", args: {} }) },
  { what: "inbox", work: (stage) => call(stage, { tool: "inbox", args: { peek: true } }) },
  { what: "history, newest 20", work: (stage) => call(stage, { tool: "history", args: { limit: 20 } }) },
  {
    what: "search, rare word",
    work: (stage) => call(stage, { tool: "history", args: { query: "nowhere", limit: 20 } }),
  },
  {
    what: "search, every 4th",
    work: (stage) => call(stage, { tool: "history", args: { query: "lantern", limit: 20 } }),
  },
];

async function call({ peers: [, bob] }: Stage, what: Call): Promise<number> {
  const before = performance.now();
  await bob?.call(what);
  return performance.now() - before;
}

function never(): never {
  throw new Error("nobody on stage");
}

/** Processor milliseconds a minute of each stage's receiver while nobody writes. */
async function pollsOf(stages: readonly Stage[], ms: number): Promise<readonly number[]> {
  const look = (): readonly Usage[] => stages.map(({ peers: [, bob] }) => usageOf(bob?.pid ?? 0));
  const before = look();
  const begun = performance.now();
  await Bun.sleep(ms);
  const minutes = (performance.now() - begun) / 60_000;
  return look().map((after, i) => {
    const then = before[i];
    return then === undefined ? Number.NaN : spent(then, after).cpuMs / minutes;
  });
}
