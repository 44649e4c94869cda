/**
 * Does to real sessions what a machine, a disk and a person can do to them, one fault after the other, and
 * holds what was promised against what arrived. Exits with 1 if one promise was broken.
 */
import { appendFileSync, rmSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machine } from "../../bench/report.ts";
import { noAccount, type Scene } from "./fault.ts";
import { publish } from "./publish.ts";
import { details, isGood, pointTable, type Result, record, table } from "./report.ts";
import { scenes } from "./scenes/index.ts";

const usage = `npm run faults -- [--only TEXT] [--rounds 100] [--length 60] [--lanes 3] [--out FILE] [--points] [--publish] [--list]

  --only     the faults with this in their names
  --rounds   how often each point is killed at least; other faults are done in proportion
  --length   how many seconds last what lasts: sleep, a lock
  --lanes    how many faults at once
  --out      a file for the figures, as JSON Lines
  --points   how often each point was killed, too
  --publish  docs/faults.md anew (all faults, no --only)`;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "100" },
    length: { type: "string", default: "60" },
    lanes: { type: "string", default: "3" },
    out: { type: "string" },
    points: { type: "boolean", default: false },
    publish: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const chosen = scenes.filter(({ name }) => name.includes(values.only));
if (values.list || chosen.length === 0) {
  for (const { name, what } of scenes) console.log(`${name.padEnd(40)}${what}`);
  process.exit(values.list ? 0 : 2);
}
if (values.publish && values.only !== "") {
  console.error("What is published is all of it: --publish goes without --only.");
  process.exit(2);
}

const [rounds, lanes, lengthMs] = [
  Number(values.rounds),
  Number(values.lanes),
  Number(values.length) * 1_000,
];
const [began, load] = [performance.now(), loadavg()[0] ?? 0];
const minutes = () => (performance.now() - began) / 60_000;
const results: Result[] = [];
if (values.out !== undefined) rmSync(values.out, { force: true });

async function go(scene: Scene): Promise<void> {
  const from = performance.now();
  const outcome =
    scene.impossible?.() ??
    (await scene.run({ rounds, lengthMs }).catch((error: Error) => ({
      ...noAccount,
      ...{ times: 0, wrong: [`it broke off: ${error.stack}`], notes: [] },
    })));
  const result: Result = { scene, seconds: (performance.now() - from) / 1_000, outcome };
  results.push(result);
  if (values.out !== undefined) appendFileSync(values.out, `${record(result)}\n`);
  console.error(
    `${isGood(result) ? "done  " : "BROKEN"} ${scene.name} (${result.seconds.toFixed(1)} s; ${minutes().toFixed(1)} min in all)`,
  );
}

/** The longest stand first in the list. */
async function all(queue: readonly Scene[], count: number): Promise<void> {
  const left = [...queue];
  const lane = async () => {
    for (let scene = left.shift(); scene !== undefined; scene = left.shift()) await go(scene);
  };
  await Promise.all(Array.from({ length: count }, lane));
}

await all(
  chosen.filter(({ alone }) => alone !== true),
  lanes,
);
await all(
  chosen.filter(({ alone }) => alone === true),
  1,
);
results.sort((a, b) => scenes.indexOf(a.scene as Scene) - scenes.indexOf(b.scene as Scene));
console.log(`${table(results)}\n`);
if (values.points) console.log(`${pointTable(results)}\n`);
console.log(
  `${details(results)}\n${minutes().toFixed(1)} minutes, ${rounds} rounds, ${lanes} faults at once`,
);
if (values.publish) {
  const docs = join(import.meta.dir, "..", "..", "docs");
  publish({ results, machine: machine(), rounds, lanes, load, minutes: minutes() }, docs);
}
process.exit(results.every(isGood) ? 0 : 1);
