import { duel } from "../duel.ts";
import type { Scenario } from "../scenario.ts";
import { raise } from "../stage.ts";
import { between, quantile } from "../stats.ts";

/** One message at a time, with pauses, as models write: the processor is cold each time. */
export const latency: Scenario = {
  name: "latency",
  about: "dm call to the receiver's notification, spaced 30 to 90 ms",
  async run(setup) {
    const messages = setup.quick ? 100 : 300;
    const result = await duel(
      setup,
      { scenario: "latency", rounds: setup.quick ? 2 : 5 },
      async (contender) => {
        const sentAt = new Map<string, number>();
        const took: number[] = [];
        const answered: number[] = [];
        await using stage = await raise(contender, ["alice", "bob"], (_, text, at) => {
          const number = Number(text.split(" ", 2)[1]);
          if (number > warmUp) took.push(at - (sentAt.get(String(number)) ?? Number.NaN));
        });
        const [alice, bob] = stage.peers;
        if (alice === undefined || bob === undefined) throw new Error("nobody on stage");
        for (let number = 1; number <= warmUp + messages; number++) {
          await Bun.sleep(between(30, 90));
          sentAt.set(String(number), performance.now());
          const call = stage.dm(alice, bob);
          if (number > warmUp) answered.push(await call);
        }
        await stage.ledger.all(10_000);
        return {
          values: {
            p50: quantile(took, 0.5),
            p99: quantile(took, 0.99),
            answer: quantile(answered, 0.5),
          },
          faults: stage.ledger.faults(),
        };
      },
    );
    return {
      figures: [
        result.figure("p50", { what: "p50", unit: "ms", target: { most: 1 / 150 } }),
        result.figure("p99", { what: "p99", unit: "ms", target: { most: 1 / 100 } }),
        result.figure("answer", { what: "tool answer p50", unit: "ms", target: null }),
      ],
      faults: result.faults,
    };
  },
};

const warmUp = 20;
