import { measureLatency } from "../../test/client/latency.ts";
import { loaded, startSession } from "../../test/client/session.ts";
import { absent, versions } from "../../test/client/versions.ts";
import { openWorld } from "../../test/client/world.ts";
import { noFaults } from "../ledger.ts";
import { beside } from "../plot/beside.ts";
import { bySize, type Figure, type Scenario } from "../scenario.ts";
import { median } from "../stats.ts";

/** The real client, an idle session, no channel: from the touch of its wake file to its model's request. */
export const wake: Scenario = {
  name: "wake",
  about: "dm to an idle session of the real client, a scripted stand-in as its model",
  async run({ size, say, record }) {
    const figures: Figure[] = [];
    const notes: string[] = [];
    if (size === "tiny") return { figures, faults: noFaults, note: "it takes longer than a look" };
    for (const version of versions) {
      const reason = absent(version);
      if (reason !== undefined) {
        notes.push(`${version}: ${reason}`);
        continue;
      }
      say(`wake: Claude Code ${version}`);
      const laps = await lapsOf(version, bySize(size, 10, 5, 1));
      record({ scenario: "wake", version, laps });
      const line = (what: string, values: readonly number[]): Figure => ({
        what: `${version} ${what}`,
        unit: "ms",
        subject: median(values),
        baseline: null,
        target: null,
      });
      figures.push(
        line(
          "call to ring",
          laps.map((lap) => lap.toRingMs),
        ),
        line(
          "ring to request",
          laps.map((lap) => lap.fromRingMs),
        ),
      );
    }
    if (figures.length === 0) return { figures, faults: noFaults, note: notes.join("; ") };
    return {
      figures,
      faults: noFaults,
      ...(notes.length > 0 ? { note: notes.join("; ") } : {}),
      plot: beside("From a dm to the idle client's next turn, no channel", "cc-dm", figures),
    };
  },
};

async function lapsOf(version: string, times: number) {
  const world = await openWorld(version);
  try {
    const [from, to] = await Promise.all([
      startSession(world, { name: "alice", version, ...loaded }),
      startSession(world, { name: "bob", version, ...loaded }),
    ]);
    return await measureLatency(world, { from, to, times });
  } finally {
    await world.close();
  }
}
