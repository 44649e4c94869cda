import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { house, seat } from "../../fakes/house.ts";

test("a heartbeat that cannot bring sessions together leaves no copy of the bus behind", async () => {
  const home = await house();
  const lead = await seat(home, "lead");
  rmSync(`${home.path}-wal`);
  mkdirSync(`${home.path}-wal`); // cannot be copied, as on a full disk
  for (let n = 0; n < 3; n++) await home.bus.beat(lead.session().id, null).catch(() => {});
  expect(readdirSync(dirname(home.path)).filter((name) => name.includes("damaged"))).toEqual([]);
});
