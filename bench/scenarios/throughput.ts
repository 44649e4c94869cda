import type { Contender } from "../contender.ts";
import { duel } from "../duel.ts";
import { beside } from "../plot/beside.ts";
import { bySize, type Figure, type Scenario, type Size } from "../scenario.ts";
import { raise } from "../stage.ts";
import { between } from "../stats.ts";

const inFlight = 16;

/** One sender to one receiver: never waiting for the last answer before it calls again, and always waiting. */
export const throughput: Scenario = {
  name: "throughput",
  about: `one sender to one receiver: 2,000 messages with ${inFlight} calls in flight, and 500 one after another`,
  async run(setup) {
    const result = await duel(
      setup,
      { scenario: "throughput", rounds: bySize(setup.size, 5, 3, 1) },
      (contender) => oneRound(contender, setup.size),
    );
    const rates: readonly Omit<Figure, "subject" | "baseline">[] = [
      { what: "delivered, 16 in flight", unit: "/s", target: { least: 2.5 } },
      { what: "answered, 16 in flight", unit: "/s", target: null },
      { what: "delivered, one by one", unit: "/s", target: null },
      { what: "answered, one by one", unit: "/s", target: null },
    ];
    const keys = ["delivered", "answered", "deliveredSingly", "answeredSingly"] as const;
    const figures = rates.map((of, i) => result.figure(keys[i] ?? "delivered", of));
    return {
      figures,
      faults: result.faults,
      plot: beside("Messages a second, one sender to one receiver", setup.subject.label, figures),
    };
  },
};

async function oneRound(contender: Contender, size: Size) {
  let last = 0;
  await using stage = await raise(contender, ["alice", "bob"], (_, __, at) => {
    last = at;
  });
  const [alice, bob] = stage.peers;
  if (alice === undefined || bob === undefined) throw new Error("nobody on stage");
  const send = async (count: number, lanes: number) => {
    let left = count;
    const lane = async () => {
      while (left-- > 0) await stage.dm(alice, bob);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };
  const timed = async (count: number, lanes: number) => {
    if (size !== "tiny") await Bun.sleep(between(500, 1000)); // a poll's phase starts with its process: meet it anywhere
    const before = performance.now();
    await send(count, lanes);
    const answered = performance.now();
    await stage.ledger.all(30_000);
    const rate = (until: number) => count / ((until - before) / 1000);
    return { delivered: rate(last), answered: rate(answered) };
  };
  await send(bySize(size, 500, 500, 16), inFlight); // until it is compiled
  await stage.ledger.all(30_000);
  const many = await timed(bySize(size, 2000, 2000, 32), inFlight);
  const singly = await timed(bySize(size, 500, 200, 5), 1);
  return {
    values: { ...many, deliveredSingly: singly.delivered, answeredSingly: singly.answered },
    faults: stage.ledger.faults(),
  };
}
