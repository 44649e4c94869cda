import type { Contender } from "../contender.ts";
import { fromSource } from "../contender.ts";
import { duel } from "../duel.ts";
import { noFaults } from "../ledger.ts";
import { join } from "../peer.ts";
import { beside } from "../plot/beside.ts";
import { bySize, type Scenario } from "../scenario.ts";
import { raise } from "../stage.ts";
import { quantile } from "../stats.ts";

/** From starting the process to the answer of `initialize`, by when others must see it on the roster. */
export const start: Scenario = {
  name: "start",
  about: "process start to `initialize`, the session on the roster",
  async run(setup) {
    const rounds = bySize(setup.size, 12, 5, 1);
    const baseline = await fromSource();
    const result = await duel({ ...setup, baseline }, { scenario: "start", rounds }, startThree);
    const figures = [
      result.figure("started", { what: "p50", unit: "ms", target: { most: 0.6 } }),
      result.figure("slowest", { what: "slowest of three", unit: "ms", target: null }),
    ];
    return {
      figures,
      faults: result.faults,
      plot: beside("From the start of the process to the answer of initialize", setup.subject.label, figures),
    };
  },
};

/** On a bus that exists, one after another. */
async function startThree(contender: Contender) {
  let refused = 0;
  const took: number[] = [];
  await using stage = await raise(contender, ["host"]);
  const [host] = stage.peers;
  for (const name of ["a", "b", "c"]) {
    const peer = await join({ contender, home: stage.home, name });
    took.push(peer.startedInMs);
    if (!contender.namesIn(await host?.call(contender.roster)).includes(name)) refused += 1;
    await peer.close();
  }
  return {
    values: { started: quantile(took, 0.5), slowest: quantile(took, 1) },
    faults: { ...noFaults, refused },
  };
}
