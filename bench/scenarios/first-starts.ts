import { rm } from "node:fs/promises";
import type { Contender } from "../contender.ts";
import { freshHome } from "../home.ts";
import { noFaults } from "../ledger.ts";
import { join, type Peer } from "../peer.ts";
import { shares } from "../plot/lines.ts";
import { bySize, type Scenario } from "../scenario.ts";
import { names } from "../stage.ts";
import { median, quantile } from "../stats.ts";

const together = 8;

/** A restart of all terminals, on a bus that does not exist yet: all must come up. */
export const firstStarts: Scenario = {
  name: "first-starts",
  about: `${together} sessions started at the same instant on a bus that does not exist yet`,
  async run({ subject, size, say, record }) {
    const rounds = bySize(size, 20, 5, 1);
    const slowest: number[] = [];
    let up = 0;
    for (let round = 1; round <= rounds; round++) {
      say(`first-starts ${round}/${rounds}`);
      const result = await startTogether(subject);
      up += result.up;
      slowest.push(result.slowest);
      record({ scenario: "first-starts", round, ...result });
    }
    const all = together * rounds;
    return {
      figures: [
        { what: "came up", unit: `of ${all}`, subject: up, baseline: null, target: { least: all } },
        { what: "the last one, p50", unit: "ms", subject: median(slowest), baseline: null, target: null },
      ],
      faults: { ...noFaults, refused: all - up },
      plot: {
        kind: "lines",
        title: `${together} first starts at the same instant`,
        x: { label: "ms from the start until the last of them had answered initialize", log: false },
        y: { label: "% of rounds that were complete by then", log: false },
        series: [{ label: subject.label, points: shares(slowest) }],
      },
    };
  },
};

async function startTogether(contender: Contender): Promise<{ up: number; slowest: number }> {
  const home = await freshHome();
  try {
    const started = await Promise.allSettled(
      names("s", together).map((name) => join({ contender, home, name })),
    );
    const peers = started.flatMap((one): Peer[] => (one.status === "fulfilled" ? [one.value] : []));
    const roster = await peers[0]?.call(contender.roster).catch(() => undefined);
    const there = roster === undefined ? [] : contender.namesIn(roster);
    await Promise.all(peers.map((peer) => peer.close()));
    return {
      up: peers.filter((peer) => there.includes(peer.name)).length,
      slowest: quantile(
        peers.map((peer) => peer.startedInMs),
        1,
      ),
    };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
