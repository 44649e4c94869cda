/**
 * Many real sessions write to each other while a hand of chaos kills, stops and restarts them; in the end
 * a ledger accounts for every message. Exits with 1 and the messages concerned if one promise was broken.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { kill, runningWith } from "../support/processes.ts";
import { countOpen, readBus, readDiaries } from "./books.ts";
import { type Member, member } from "./cast.ts";
import { chance } from "./chance.ts";
import { diaryFolder } from "./client/diary.ts";
import { hasHooks, type Kind } from "./client/spec.ts";
import { figures } from "./figures.ts";
import { type Deeds, harm, restart, write } from "./hands.ts";
import { account, type Fault } from "./ledger.ts";
import { report } from "./report.ts";

const usage = `npm run soak -- [--sessions 50] [--minutes 10] [--seed N] [--rate N] [--plugin FOLDER] [--json] [--keep]

  --rate    messages asked for per second, by all sessions together; by default 4
  --plugin  the plugin under test: a folder with dist/ and hooks/; by default this repository
  --keep    leaves the bus and the clients' diaries where they are`;

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "50" },
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: `${Date.now() % 1_000_000}` },
    rate: { type: "string", default: "4" },
    plugin: { type: "string", default: join(import.meta.dir, "..", "..") },
    json: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const sessions = Number(values.sessions);
const lengthMs = Number(values.minutes) * 60_000;
// Longer than a hand-over without evidence takes to become due.
const promptMs = 14_000;
const drainMs = 60_000 + lengthMs / 5;
const dice = chance(Number(values.seed));
const home = mkdtempSync(join(tmpdir(), "ccdm-soak-")); // short, because a socket's path must be
const complaints: string[] = [];
const deeds: Deeds = {};
const undone = new Set<string>();

/** Half of them have hooks; three projects, one of which is none. */
function castMembers(): readonly Member[] {
  const kinds: readonly Kind[] = [
    "claude",
    "plain",
    "deceived",
    "claude",
    "older",
    "puller",
    "claude",
    "plain",
  ];
  return Array.from({ length: sessions }, (_, n) =>
    member({
      name: `s${n + 1}`,
      kind: kinds[n % kinds.length] ?? "claude",
      project: [null, "shop", "lab"][Math.floor(n / 2) % 3] ?? null,
      home,
      plugin: resolve(values.plugin),
      complain: (what) => void complaints.push(what),
    }),
  );
}

function tell(line: string): void {
  if (!values.json) console.log(line);
}

async function startAll(cast: readonly Member[]): Promise<void> {
  // A few at a time: fifty pairs of processes starting at once would only queue for the processor.
  for (let n = 0; n < cast.length; n += 4) await Promise.all(cast.slice(n, n + 4).map((one) => one.start()));
}

/** Looks at the bus now and then: what has come to its end must stay there. */
function watchEnds(): () => void {
  const ended = new Map<string, string>();
  const timer = setInterval(() => {
    for (const row of readBus(home)) {
      const key = `${row.id} to ${row.to}`;
      const open = row.state === "queued" || row.state === "handed";
      if (!open) ended.set(key, row.state);
      else if (ended.has(key)) undone.add(key);
    }
  }, 2_000);
  return () => clearInterval(timer);
}

async function uproar(cast: readonly Member[]): Promise<void> {
  const parts = { cast, chance: dice, deeds };
  const end = Date.now() + lengthMs;
  const everyMs = 1_000 / Number(values.rate);
  // One harm a minute and session, at least one in two seconds.
  const harmMs = Math.min(2_000, 60_000 / sessions);
  let nextHarm = Date.now() + 2_000;
  while (Date.now() < end) {
    write(parts);
    if (Date.now() >= nextHarm) {
      harm(parts);
      nextHarm = Date.now() + dice.between(0, 2 * harmMs);
    }
    await Bun.sleep(dice.between(0, 2 * everyMs));
  }
}

/** Everybody is there again, and everybody's person types now and then, until nothing is under way. */
async function drain(cast: readonly Member[]): Promise<void> {
  const settled = () => cast.every((one) => one.state() === "up" && one.run()?.deafSince === null);
  for (let waited = 0; !settled() && waited < 20_000; waited += 250) await Bun.sleep(250);
  for (const one of cast) {
    const run = one.run();
    if (run !== null && (one.state() !== "up" || run.deafSince !== null)) await restart(one, run);
  }
  const end = Date.now() + drainMs;
  let nextPrompt = Date.now() + promptMs;
  while (Date.now() < end && (countOpen(home) > 0 || !settled())) {
    if (Date.now() >= nextPrompt) {
      for (const one of cast) if (hasHooks(one.kind)) one.run()?.tell({ do: "prompt" });
      nextPrompt = Date.now() + promptMs;
    }
    await Bun.sleep(250);
  }
}

async function leave(cast: readonly Member[]): Promise<void> {
  for (const one of cast) one.run()?.tell({ do: "leave" });
  await Promise.race([Promise.all(cast.map((one) => one.run()?.gone)), Bun.sleep(25_000)]);
  await Bun.sleep(500);
  for (const { pid, command } of runningWith(home)) {
    if (pid === process.pid) continue;
    complaints.push(`still running in the end: ${command}`);
    kill(pid, "SIGKILL");
  }
}

async function main(): Promise<number> {
  mkdirSync(diaryFolder(home), { recursive: true });
  const began = Date.now();
  const cast = castMembers();
  tell(`${sessions} sessions, ${values.minutes} minutes, seed ${values.seed}, in ${home}`);
  await startAll(cast);
  tell(`all are there after ${Math.round((Date.now() - began) / 1000)} s`);
  const stopWatching = watchEnds();
  await uproar(cast);
  tell("quiet now; what is under way arrives");
  const drainFrom = Date.now();
  await drain(cast);
  const drainedMs = Date.now() - drainFrom;
  stopWatching();
  const absent = new Set(cast.filter((one) => one.state() !== "up").map((one) => one.name));
  await leave(cast);
  const [rows, diaries] = [readBus(home), readDiaries(home)];
  const faults: Fault[] = [
    ...account({ rows, diaries, undone: [...undone], absent }),
    ...complaints.map((what) => ({ what, id: "", to: "", lines: [] })),
  ];
  const sums = figures(rows, diaries);
  if (values.json) {
    console.log(
      JSON.stringify({
        sessions,
        minutes: Number(values.minutes),
        seed: Number(values.seed),
        drainedMs,
        deeds,
        ...sums,
        faults,
      }),
    );
  } else report({ deeds, drainedMs, figures: sums, faults });
  return faults.length === 0 ? 0 : 1;
}

function cleanUp(): void {
  for (const { pid } of runningWith(home)) if (pid !== process.pid) kill(pid, "SIGKILL");
  if (values.keep) tell(`left in ${home}`);
  else rmSync(home, { recursive: true, force: true });
}

process.once("exit", cleanUp);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exit(await main());
