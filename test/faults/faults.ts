/**
 * Does to real sessions what a machine, a disk and a person can do to them, one fault after the other, and
 * holds what was promised against what arrived. Exits with 1 if one promise was broken.
 */
import { appendFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { details, isGood, type Result, record, table } from "./report.ts";
import { scenes } from "./scenes/index.ts";

const usage = `npm run faults -- [--only TEXT] [--rounds 100] [--length 60] [--lanes 2] [--out FILE] [--list]

  --only    the faults with this in their names
  --rounds  how often every point is killed; other faults are done in proportion
  --length  how many seconds last what lasts: sleep, a lock
  --lanes   how many faults at once
  --out     a file for the figures, as JSON Lines`;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "100" },
    length: { type: "string", default: "60" },
    lanes: { type: "string", default: "2" },
    out: { type: "string" },
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

const effort = { rounds: Number(values.rounds), lengthMs: Number(values.length) * 1_000 };
const results: Result[] = [];
const left = [...chosen];
if (values.out !== undefined) rmSync(values.out, { force: true });

async function lane(): Promise<void> {
  for (let scene = left.shift(); scene !== undefined; scene = left.shift()) {
    const from = performance.now();
    const outcome =
      scene.impossible?.() ??
      (await scene.run(effort).catch((error: Error) => ({
        ...{ times: 0, promised: 0, arrived: 0, told: 0, waiting: 0, lost: 0, repeated: 0, faults: [] },
        ...{ wrong: [`it broke off: ${error.stack}`], notes: [] },
      })));
    const result: Result = { scene, seconds: (performance.now() - from) / 1_000, outcome };
    results.push(result);
    if (values.out !== undefined) appendFileSync(values.out, `${record(result)}\n`);
    console.error(`${isGood(result) ? "done  " : "BROKEN"} ${scene.name} (${result.seconds.toFixed(1)} s)`);
  }
}

await Promise.all(Array.from({ length: Number(values.lanes) }, lane));
results.sort((a, b) => scenes.indexOf(a.scene as never) - scenes.indexOf(b.scene as never));
console.log(`${table(results)}\n\n${details(results)}`);
process.exit(results.every(isGood) ? 0 : 1);
