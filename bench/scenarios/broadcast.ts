import { duel } from "../duel.ts";
import type { Scenario } from "../scenario.ts";
import { names, raise } from "../stage.ts";
import { between, quantile } from "../stats.ts";

const receivers = 50;
const warmUp = 5;

/** One message to fifty: until the last of them has it. */
export const broadcast: Scenario = {
  name: "broadcast",
  about: `one broadcast to ${receivers}, until the last has it`,
  async run(setup) {
    const count = setup.quick ? 10 : 20;
    const result = await duel(
      setup,
      { scenario: "broadcast", rounds: setup.quick ? 1 : 3 },
      async (contender) => {
        let last = 0;
        const took: number[] = [];
        await using stage = await raise(contender, ["chief", ...names("r", receivers)], (_, __, at) => {
          last = at;
        });
        const [chief] = stage.peers;
        if (chief === undefined) throw new Error("nobody on stage");
        for (let number = 1; number <= warmUp + count; number++) {
          await Bun.sleep(between(500, 1000)); // the one before is read and confirmed by then
          const before = performance.now();
          await stage.broadcast(chief);
          await stage.ledger.all(10_000);
          if (number > warmUp) took.push(last - before);
        }
        return {
          values: { last: quantile(took, 0.5), worst: quantile(took, 1) },
          faults: stage.ledger.faults(),
        };
      },
    );
    return {
      figures: [
        result.figure("last", { what: "last has it, p50", unit: "ms", target: { most: 1 / 40 } }),
        result.figure("worst", { what: "last has it, worst", unit: "ms", target: null }),
      ],
      faults: result.faults,
    };
  },
};
