/** kill -9 of the session that puts a damaged bus in order, in the middle of it. */
import { Database } from "bun:sqlite";
import { closeSync, openSync, readdirSync, writeSync } from "node:fs";
import { type Effort, type Outcome, type Scene, sum } from "../fault.ts";
import { type Start, stage } from "../stage.ts";

const strace = Bun.which("strace");
const stored = ["before", "after", "before commit", "amid commit", "after commit"];

/** Where it dies: within the transaction that brings the mail over, and before each file that is moved. */
const deaths: readonly (readonly [string, Start])[] = [
  ...stored.map((moment) => [`mend:${moment}`, { point: `mend:${moment}` }] as const),
  ...[1, 2, 3].map((nth) => {
    const inject = ["-e", "trace=rename,renameat", "-e", `inject=rename,renameat:signal=SIGKILL:when=${nth}`];
    return [`move ${nth}`, { through: ["strace", "-f", "-qq", "-o", "/dev/null", ...inject] }] as const;
  }),
];

async function once([what, how]: (typeof deaths)[number]): Promise<Outcome> {
  await using on = stage();
  const wrong: string[] = [];
  await (await on.start("dora")).server.close();
  let [alice, bob] = await Promise.all([on.start("alice"), on.start("bob")]);
  for (let n = 0; n < 8; n++) await Promise.all([alice.send("bob"), bob.send("alice"), alice.send("dora")]);
  for (const one of [alice, bob]) one.signal("SIGKILL");
  await Promise.all([alice.server.gone, bob.server.gone]);
  const db = new Database(on.file);
  db.run("pragma wal_checkpoint(truncate)");
  db.close();
  const file = openSync(on.file, "r+"); // the first page: all can be brought back
  writeSync(file, new Uint8Array(4096), 0, 4096, 0);
  closeSync(file);
  const victim = await on.start("alice", how).catch(() => null);
  if (victim !== null) {
    wrong.push(`did not get to ${what}`);
    victim.signal("SIGKILL");
  }
  [alice, bob] = await Promise.all([on.start("alice"), on.start("bob")]);
  const dora = await on.start("dora");
  for (const one of [alice, bob, dora]) await one.inbox();
  await alice.send("bob");
  await bob.inbox();
  await on.drain();
  const left = readdirSync(on.home).filter((name) => /\.(aside|copy)/.test(name));
  if (left.length > 0) wrong.push(`${what}: left over: ${left.join(" ")}`);
  return { ...on.account(), times: 1, wrong, notes: [] };
}

export const mending: Scene = {
  name: "kill -9: mending",
  what: "who puts a damaged bus in order, between the files it moves and amid what it brings over",
  impossible: () => (strace === null ? "there is no strace, which kills between two moves" : null),
  async run({ rounds }: Effort): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    const some = rounds < 20 ? deaths.filter((_, n) => n % 3 === 1) : deaths;
    for (let round = 0; round < Math.max(1, Math.round(rounds / 10)); round++)
      for (const death of some) outcomes.push(await once(death));
    const wrong = outcomes.flatMap((one) => one.wrong);
    return { ...sum(outcomes), times: outcomes.length, wrong, notes: [] };
  },
};
