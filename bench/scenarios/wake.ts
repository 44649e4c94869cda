import { join } from "node:path";
import { pluginRoot } from "../../demo/launch.ts";
import { measureLatency } from "../../test/client/latency.ts";
import { loaded, startSession } from "../../test/client/session.ts";
import { absent, versions } from "../../test/client/versions.ts";
import { openWorld } from "../../test/client/world.ts";
import { freshHome } from "../home.ts";
import { noFaults } from "../ledger.ts";
import type { Figure, Scenario } from "../scenario.ts";
import { median } from "../stats.ts";

/** The real client, an idle session, no channel: from the touch of its wake file to its model's request. */
export const wake: Scenario = {
  name: "wake",
  about: "dm to an idle session of the real client, a scripted stand-in as its model",
  async run({ quick, say, record }) {
    const figures: Figure[] = [];
    const notes: string[] = [];
    for (const version of versions) {
      const reason = absent(version);
      if (reason !== undefined) {
        notes.push(`${version}: ${reason}`);
        continue;
      }
      say(`wake: Claude Code ${version}`);
      const laps = await lapsOf(version, quick ? 5 : 20);
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
    if (figures.length > 0) {
      const ours = await hookAlone(quick ? 5 : 20);
      figures.push({ what: "of it our hook", unit: "ms", subject: ours, baseline: null, target: null });
    }
    return { figures, faults: noFaults, ...(notes.length > 0 ? { note: notes.join("; ") } : {}) };
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

/** The rest of the time is the client's: its debounce, and what it does before it asks its model. */
async function hookAlone(times: number): Promise<number> {
  const home = await freshHome();
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const before = performance.now();
    const hook = Bun.spawn(["bun", join(pluginRoot, "dist", "hook.js"), "wake"], {
      env: { PATH: process.env.PATH ?? "", HOME: home, CC_DM_HOME: join(home, "bus") },
      stdin: new Blob(["{}"]),
      stdout: "ignore",
      stderr: "ignore",
    });
    await hook.exited;
    took.push(performance.now() - before);
  }
  return median(took);
}
