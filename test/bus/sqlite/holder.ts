/**
 * One of several real processes that want one lock: `bun holder.ts LOCK ROOM ROUNDS DEATH`, begins at a line on
 * stdin. Whoever holds it is alone in the room, and is killed, still holding it, in its round number DEATH. Prints whom it met.
 */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hold, isHeld } from "../../../plugin/bus/sqlite/hold.ts";
import { systemClock as clock } from "../../../plugin/core/clock.ts";

const [lock = "", room = "", rounds = "", death = ""] = process.argv.slice(2);
const met = () => readdirSync(room).filter((name) => name !== String(process.pid));

process.stdout.write("ready\n");
await Bun.stdin.text();
const others: string[] = [];
for (let round = 0; round < Number(rounds); ) {
  isHeld(lock); // a look never takes it from anybody
  const release = hold(lock);
  if (release === null) {
    await clock.sleep(1);
    continue;
  }
  const self = join(room, String(process.pid));
  writeFileSync(self, "");
  others.push(...met());
  await clock.sleep(1);
  others.push(...met());
  rmSync(self);
  if (++round === Number(death)) process.kill(process.pid, "SIGKILL");
  release();
  await clock.sleep(1);
}
process.stdout.write(`met ${others.join(" ")}\n`);
