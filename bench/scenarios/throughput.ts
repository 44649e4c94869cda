import { duel } from "../duel.ts";
import type { Scenario } from "../scenario.ts";
import { raise } from "../stage.ts";
import { between } from "../stats.ts";

const messages = 2000;
const inFlight = 16;
const warmUp = 500;

/** One sender that never waits for the last answer before it calls again. */
export const throughput: Scenario = {
  name: "throughput",
  about: `${messages} messages, ${inFlight} calls in flight, one sender to one receiver`,
  async run(setup) {
    const result = await duel(
      setup,
      { scenario: "throughput", rounds: setup.quick ? 3 : 9 },
      async (contender) => {
        let last = 0;
        await using stage = await raise(contender, ["alice", "bob"], (_, __, at) => {
          last = at;
        });
        const [alice, bob] = stage.peers;
        if (alice === undefined || bob === undefined) throw new Error("nobody on stage");
        const send = async (count: number) => {
          let left = count;
          const lane = async () => {
            while (left-- > 0) await stage.dm(alice, bob);
          };
          await Promise.all(Array.from({ length: inFlight }, lane));
        };
        await send(warmUp);
        await stage.ledger.all(30_000);
        await Bun.sleep(500 + between(0, 500)); // a poll's phase starts with its process: meet it anywhere
        const before = performance.now();
        await send(messages);
        const answered = performance.now();
        await stage.ledger.all(30_000);
        return {
          values: {
            delivered: messages / ((last - before) / 1000),
            sent: messages / ((answered - before) / 1000),
          },
          faults: stage.ledger.faults(),
        };
      },
    );
    return {
      figures: [
        result.figure("delivered", { what: "delivered", unit: "/s", target: { least: 2.5 } }),
        result.figure("sent", { what: "calls answered", unit: "/s", target: null }),
      ],
      faults: result.faults,
    };
  },
};
