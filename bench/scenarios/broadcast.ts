import type { Contender } from "../contender.ts";
import { type Duel, duel } from "../duel.ts";
import { sumFaults } from "../ledger.ts";
import { bySize, type Scenario } from "../scenario.ts";
import { names, raise } from "../stage.ts";
import { between, quantile } from "../stats.ts";

const warmUp = 4;
const full = [
  { receivers: 10, rounds: 1, times: 12 },
  { receivers: 50, rounds: 3, times: 10 },
  { receivers: 200, rounds: 1, times: 8 },
] as const;

/** One message to many: until the last of them has it. */
export const broadcast: Scenario = {
  name: "broadcast",
  about: "one broadcast to 10, 50 and 200, until the last has it",
  async run(setup) {
    const sizes =
      setup.size === "full"
        ? full
        : setup.size === "quick"
          ? full.slice(0, 2).map((one) => ({ ...one, rounds: 1 }))
          : [{ receivers: 3, rounds: 1, times: 2 }];
    const played: { receivers: number; result: Duel<"last" | "worst"> }[] = [];
    for (const { receivers, rounds, times } of sizes) {
      const result = await duel(setup, { scenario: `broadcast ${receivers}`, rounds }, (contender) =>
        oneRound(contender, receivers, {
          warmUp: bySize(setup.size, warmUp, warmUp, 0),
          times,
          pauseMs: bySize(setup.size, 500, 500, 0),
        }),
      );
      played.push({ receivers, result });
    }
    const figures = played.flatMap(({ receivers, result }) => [
      result.figure("last", {
        what: `${receivers}: last has it, p50`,
        unit: "ms",
        target: receivers === 50 ? { most: 1 / 40 } : null,
      }),
      result.figure("worst", { what: `${receivers}: worst`, unit: "ms", target: null }),
    ]);
    const medians = played.map(({ receivers, result }) => {
      const { subject, baseline } = result.figure("last", { what: "", unit: "ms", target: null });
      return { receivers, subject, baseline: baseline?.value ?? Number.NaN };
    });
    return {
      figures,
      faults: sumFaults(played.map(({ result }) => result.faults)),
      plot: {
        kind: "lines",
        title: "A broadcast, until the last has it",
        x: { label: "receivers", log: true, ticks: medians.map(({ receivers }) => receivers) },
        y: { label: "ms, p50", log: true },
        series: [
          {
            label: setup.subject.label,
            points: medians.map((one) => [one.receivers, one.subject] as const),
          },
          {
            label: setup.baseline.label,
            points: medians.map((one) => [one.receivers, one.baseline] as const),
          },
        ],
      },
    };
  },
};

async function oneRound(
  contender: Contender,
  receivers: number,
  { warmUp, times, pauseMs }: { readonly warmUp: number; readonly times: number; readonly pauseMs: number },
) {
  let last = 0;
  const took: number[] = [];
  await using stage = await raise(contender, ["chief", ...names("r", receivers)], (_, __, at) => {
    last = at;
  });
  const [chief] = stage.peers;
  if (chief === undefined) throw new Error("nobody on stage");
  for (let number = 1; number <= warmUp + times; number++) {
    await Bun.sleep(between(pauseMs, 2 * pauseMs)); // the one before is read and confirmed by then
    const before = performance.now();
    await stage.broadcast(chief);
    await stage.ledger.all(10_000);
    if (number > warmUp) took.push(last - before);
  }
  return { values: { last: quantile(took, 0.5), worst: quantile(took, 1) }, faults: stage.ledger.faults() };
}
