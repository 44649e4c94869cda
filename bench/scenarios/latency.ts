import type { Contender } from "../contender.ts";
import { duel } from "../duel.ts";
import type { Peer } from "../peer.ts";
import { shares } from "../plot/lines.ts";
import { bySize, type Scenario } from "../scenario.ts";
import { names, raise } from "../stage.ts";
import { between, quantile } from "../stats.ts";

const others = 6;

/** One message at a time, with pauses, as models write: the processor is cold each time. */
export const latency = spaced({
  name: "latency",
  about: "dm call to the receiver's notification, spaced 30 to 90 ms",
  company: 0,
  targets: { p50: { most: 1 / 150 }, p99: { most: 1 / 100 } },
});

/** The same while others talk: one file, one write lock, the same two processors. */
export const loaded = spaced({
  name: "loaded",
  about: `the same while ${others} others send to each other, each every 10 to 30 ms`,
  company: others,
  targets: { p50: null, p99: null },
});

interface Kind {
  readonly name: string;
  readonly about: string;
  readonly company: number;
  readonly targets: Readonly<Record<"p50" | "p99", { readonly most: number } | null>>;
}

function spaced({ name, about, company, targets }: Kind): Scenario {
  return {
    name,
    about,
    async run(setup) {
      const messages = company > 0 ? bySize(setup.size, 100, 60, 5) : bySize(setup.size, 160, 100, 5);
      const all = new Map<string, number[]>();
      const result = await duel(
        setup,
        { scenario: name, rounds: bySize(setup.size, company > 0 ? 2 : 3, 2, 1) },
        (contender) => oneRound(contender, { company, messages, warmUp: bySize(setup.size, 20, 20, 1), all }),
      );
      return {
        figures: [
          result.figure("p50", { what: "p50", unit: "ms", target: targets.p50 }),
          result.figure("p99", { what: "p99", unit: "ms", target: targets.p99 }),
          result.figure("answer", { what: "tool answer p50", unit: "ms", target: null }),
        ],
        faults: result.faults,
        plot: {
          kind: "lines",
          title: company > 0 ? "Latency while others talk" : "Latency of one message",
          x: { label: "ms from the call to the receiver's notification", log: true },
          y: { label: "% of messages that have arrived by then", log: false },
          series: [...all].map(([label, took]) => ({ label, points: shares(took) })),
        },
      };
    },
  };
}

interface Round {
  readonly company: number;
  readonly messages: number;
  /** Sent before, and not counted. */
  readonly warmUp: number;
  /** Takes every latency of the contender of that label. */
  readonly all: Map<string, number[]>;
}

async function oneRound(contender: Contender, { company, messages, warmUp, all }: Round) {
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  const answered: number[] = [];
  const cast = ["alice", "bob", ...names("o", company)];
  await using stage = await raise(contender, cast, (to, text, at) => {
    const [from, number] = text.split(" ", 2);
    if (to === "bob" && from === "alice" && Number(number) > warmUp) {
      took.push(at - (sentAt.get(String(number)) ?? Number.NaN));
    }
  });
  const [alice, bob, ...rest] = stage.peers;
  if (alice === undefined || bob === undefined) throw new Error("nobody on stage");
  let talking = true;
  const talk = async (from: Peer, to: Peer) => {
    while (talking) {
      await Bun.sleep(between(10, 30));
      await stage.dm(from, to);
    }
  };
  const talks = rest.map((from, i) => talk(from, rest[(i + 1) % rest.length] ?? bob));
  for (let number = 1; number <= warmUp + messages; number++) {
    await Bun.sleep(between(30, 90));
    sentAt.set(String(number), performance.now());
    const call = stage.dm(alice, bob);
    if (number > warmUp) answered.push(await call);
  }
  talking = false;
  await Promise.all(talks);
  await stage.ledger.all(10_000);
  all.set(contender.label, [...(all.get(contender.label) ?? []), ...took]);
  return {
    values: { p50: quantile(took, 0.5), p99: quantile(took, 0.99), answer: quantile(answered, 0.5) },
    faults: stage.ledger.faults(),
  };
}
