/** kill -9 of the session that puts a damaged bus in order, in the middle of it. */
import { constants, Database } from "bun:sqlite";
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Effort, missed, type Outcome, type Scene, sum } from "../fault.ts";
import { type Actor, type Stage, type Start, stage } from "../stage.ts";

const stored = ["before", "after", "before commit", "amid commit", "after commit"];

/** Where it dies: within the transaction that brings the mail over, and before each file that is moved. */
const deaths = [
  ...stored.map((moment) => `mend:${moment}`),
  ...[1, 2, 3].map((nth) => `move ${nth}:before`), // the log, its index, the file
];

const names = ["alice", "bob", "dora"] as const;
type Cast = readonly [alice: Actor, bob: Actor, dora: Actor];

function all(on: Stage): Promise<Cast> {
  return Promise.all(names.map((name) => on.start(name))) as Promise<never>;
}

/** Writes mail, leaves as by kill -9, and loses the first page: all can be brought back. */
async function damage(on: Stage, [alice, bob, dora]: Cast): Promise<void> {
  await dora.server.close();
  for (let n = 0; n < 8; n++) await Promise.all([alice.send("bob"), bob.send("alice"), alice.send("dora")]);
  for (const one of [alice, bob]) one.signal("SIGKILL");
  await Promise.all([alice.server.gone, bob.server.gone]);
  const db = new Database(on.file);
  db.fileControl(constants.SQLITE_FCNTL_PERSIST_WAL, 1); // there are files to move then
  db.run("pragma wal_checkpoint(truncate)");
  db.close();
  const file = openSync(on.file, "r+");
  writeSync(file, new Uint8Array(4096), 0, 4096, 0);
  closeSync(file);
}

/** Starts one that is to die while it mends; what died elsewhere is not counted. */
async function mend(on: Stage, point: string): Promise<void> {
  const nth = Number(/^move (\d)/.exec(point)?.[1] ?? 0);
  const log = join(on.folder, "moves");
  const inject = ["-e", "trace=rename,renameat", "-e", `inject=rename,renameat:signal=SIGKILL:when=${nth}`];
  const how: Start = nth > 0 ? { through: ["strace", "-f", "-qq", "-o", log, ...inject] } : { point };
  const victim = await on.start("alice", how).catch(() => null);
  if (victim !== null) {
    victim.signal("SIGKILL");
    await victim.server.gone;
  } else if (nth > 0) {
    const moves = readFileSync(log, "utf8");
    if (moves.match(/rename\(/g)?.length === nth && /= \?$/m.test(moves)) on.countKill(point);
  }
}

/** All points once, on one bus, which is mended each time and then used. */
async function once(): Promise<Outcome> {
  await using on = stage();
  const wrong: string[] = [];
  let cast = await all(on);
  for (const point of deaths) {
    await damage(on, cast);
    await mend(on, point);
    cast = await all(on);
    const [alice, bob] = cast;
    for (const one of cast) await one.inbox();
    await alice.send("bob");
    await bob.inbox();
    await on.drain();
    const left = readdirSync(on.home).filter((name) => /\.(aside|copy)/.test(name));
    if (left.length > 0) wrong.push(`${point}: left over: ${left.join(" ")}`);
  }
  const points = Object.fromEntries(deaths.map((point) => [point, on.kills(point)]));
  return { ...on.account(), times: 0, wrong, notes: [], points };
}

export const mending: Scene = {
  name: "kill -9: mending",
  what: "who puts a damaged bus in order, between the files it moves and amid what it brings over",
  impossible: () =>
    Bun.which("strace") === null ? "there is no strace, which kills between two moves" : null,
  async run({ rounds }: Effort): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    for (let round = 0; round < rounds; round++) outcomes.push(await once());
    const count = (point: string) => outcomes.reduce((sum, { points }) => sum + (points?.[point] ?? 0), 0);
    const points = Object.fromEntries(deaths.map((point) => [point, count(point)]));
    const times = Object.values(points).reduce((sum, kills) => sum + kills, 0);
    const wrong = [...outcomes.flatMap((one) => one.wrong), ...missed(points, rounds)];
    return { ...sum(outcomes), times, wrong, notes: [], points };
  },
};
