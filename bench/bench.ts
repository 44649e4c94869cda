/**
 * What cc-dm costs and how fast it is, from outside: real servers, MCP over stdio pipes.
 *
 *   bun bench/bench.ts [scenario…] [--quick|--tiny] [--publish] [--json FILE] [--server FILE] [--against FILE]
 *
 * Speed is shown, never judged: only messages refused, lost, shown twice or out of order make the exit
 * code 1. `--publish` writes docs/bench.md anew, with its plots.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launchOf, pluginRoot } from "../demo/launch.ts";
import { type Contender, ccDm, pollOnly, shipped } from "./contender.ts";
import { sumFaults } from "./ledger.ts";
import { type Done, publish } from "./publish.ts";
import { header, machine, tableOf } from "./report.ts";
import type { Size } from "./scenario.ts";
import { scenarios } from "./scenarios/index.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    tiny: { type: "boolean", default: false },
    publish: { type: "boolean", default: false },
    json: { type: "string" },
    server: { type: "string" },
    against: { type: "string" },
  },
});

const unknown = positionals.filter((name) => scenarios.every((scenario) => scenario.name !== name));
if (unknown.length > 0) {
  console.error(`No scenario ${unknown.join(", ")}. There are:`);
  for (const { name, about } of scenarios) console.error(`  ${name.padEnd(14)}${about}`);
  process.exit(2);
}

const { json, server, against } = values;
const size: Size = values.tiny ? "tiny" : values.quick ? "quick" : "full";
if (values.publish && (size !== "full" || positionals.length > 0)) {
  console.error(
    "What is published is all of it, in full: --publish goes with no scenario, --quick or --tiny.",
  );
  process.exit(2);
}
if (json !== undefined) writeFileSync(json, "");
const rows: string[] = [];
const record = (row: Readonly<Record<string, unknown>>) => {
  rows.push(JSON.stringify(row));
  if (json !== undefined) appendFileSync(json, `${JSON.stringify(row)}\n`);
};
const build =
  server === undefined ? null : { ...(await launchOf(pluginRoot)), command: "bun", args: [resolve(server)] };
const subject = build === null ? await shipped() : ccDm("cc-dm", build, {});
const baseline =
  against !== undefined
    ? await contenderIn(against)
    : build === null
      ? await pollOnly()
      : ccDm("poll only", build, { CC_DM_BELL: "off" });

const begun = performance.now();
record({ machine: machine(), size });
console.log(
  `${Object.values(machine()).join(", ")}${size === "full" ? "" : ` (${size}: a look, no figures)`}\n`,
);
console.log(header(subject.label, baseline.label));
const done: Done[] = [];
for (const scenario of scenarios) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue;
  const say = (line: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  };
  const report = await scenario.run({ subject, baseline, size, say, record });
  say("");
  done.push({ scenario, report });
  const { plot: _, ...figures } = report;
  record({ scenario: scenario.name, ...figures });
  console.log(tableOf(scenario, report));
}

if (values.publish)
  publish({ done, rows, machine: machine(), minutes: (performance.now() - begun) / 60_000 });
const { refused, lost, twice, disordered } = sumFaults(done.map(({ report }) => report.faults));
process.exit(refused + lost + twice + disordered === 0 ? 0 : 1);

async function contenderIn(file: string): Promise<Contender> {
  return ((await import(pathToFileURL(file).href)) as { default: Contender }).default;
}
