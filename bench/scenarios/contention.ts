import { duel } from "../duel.ts";
import { beside } from "../plot/beside.ts";
import { bySize, type Scenario } from "../scenario.ts";
import { names, raise } from "../stage.ts";
import { quantile } from "../stats.ts";

const full = 8;

/** Everybody writes to everybody at once: one file, sixteen writers. */
export const contention: Scenario = {
  name: "contention",
  about: `${full} senders x ${full} receivers x 200 messages, all at once`,
  async run(setup) {
    const side = bySize(setup.size, full, full, 2);
    const messages = bySize(setup.size, 200, 50, 2);
    const result = await duel(
      setup,
      { scenario: "contention", rounds: bySize(setup.size, 2, 2, 1) },
      async (contender) => {
        let last = 0;
        const answered: number[] = [];
        await using stage = await raise(
          contender,
          [...names("s", side), ...names("r", side)],
          (_, __, at) => {
            last = at;
          },
        );
        const senders = stage.peers.slice(0, side);
        const receivers = stage.peers.slice(side);
        const before = performance.now();
        await Promise.all(
          senders.map(async (sender) => {
            for (let number = 0; number < messages; number++) {
              for (const receiver of receivers) answered.push(await stage.dm(sender, receiver));
            }
          }),
        );
        await stage.ledger.all(60_000);
        return {
          values: {
            p99: quantile(answered, 0.99),
            p50: quantile(answered, 0.5),
            worst: quantile(answered, 1),
            delivered: answered.length / ((last - before) / 1000),
          },
          faults: stage.ledger.faults(),
        };
      },
    );
    const times = [
      result.figure("p50", { what: "tool answer p50", unit: "ms", target: null }),
      result.figure("p99", { what: "tool answer p99", unit: "ms", target: { most: 1.3 } }),
      result.figure("worst", { what: "tool answer worst", unit: "ms", target: null }),
    ];
    return {
      figures: [...times, result.figure("delivered", { what: "delivered", unit: "/s", target: null })],
      faults: result.faults,
      plot: beside(
        `${side} senders and ${side} receivers at once: how long a call takes`,
        setup.subject.label,
        times,
      ),
    };
  },
};
