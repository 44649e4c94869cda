/** A file that is reported as damaged again and again, though no look at it finds anything. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { mender } from "../../../plugin/bus/sqlite/mend.ts";
import { DmError } from "../../../plugin/core/errors.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { boot, join as joins, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

const broken = new DmError("bus_broken", "a statement tripped");

async function scene() {
  const path = join(scratch(), "bus.db");
  const clock = fakeClock();
  const bus = await openSqliteBus({ path, clock, boot });
  const [lead, api] = [await joins(bus, "lead"), await joins(bus, "api")];
  await send(bus, lead, [api.session]);
  bus.end();
  const mend = mender(path, clock);
  return {
    clock,
    path,
    /** One report of it; "" if it was found whole. */
    async report(by = mend) {
      const mended = by(broken, null);
      await clock.pass(600);
      return mended;
    },
    aside: () => readdirSync(dirname(path)).filter((name) => /^bus-damaged.*\.db$/.test(name)),
    unread() {
      const db = new Database(path, { readonly: true });
      const count = db.query<{ n: number }, []>("select count(*) as n from delivery where open = 1").get()?.n;
      db.close();
      return count;
    },
  };
}

test("is taken at its word the third time within a minute, and nothing is lost", async () => {
  const { report, aside, unread } = await scene();
  expect([await report(), await report()]).toEqual(["", ""]);
  expect(aside()).toEqual([]);
  expect(await report()).toContain("1 message could be read and came along, 1 unread message among them");
  expect(aside()).toHaveLength(1);
  expect(unread()).toBe(1);
});

test("is looked at each time where the reports are further apart", async () => {
  const { report, aside, clock } = await scene();
  for (let n = 0; n < 6; n++) {
    expect(await report()).toBe("");
    await clock.pass(30_000);
  }
  expect(aside()).toEqual([]);
});

test("is not set aside in place of one that another session set aside meanwhile", async () => {
  const { report, aside, path, clock } = await scene();
  const other = mender(path, clock);
  expect([await report(), await report(other), await report(), await report(other)]).toEqual([
    "",
    "",
    "",
    "",
  ]);
  expect(await report()).toContain("was damaged");
  expect(await report(other)).toBe("");
  expect(aside()).toHaveLength(1);
});

test("is not set aside where it was deleted meanwhile: nothing is made in its place", async () => {
  const { report, path } = await scene();
  for (const tail of ["", "-wal", "-shm"]) rmSync(`${path}${tail}`, { force: true });
  expect([await report(), await report(), await report()]).toEqual(["", "", ""]);
  expect(readdirSync(dirname(path))).toEqual([]);
});

test("leaves no empty file behind each time that it cannot be noted, as on a full disk", async () => {
  const { aside, path, clock } = await scene();
  writeFileSync(path, "no database ".repeat(100));
  mkdirSync(`${path}.aside`); // nothing can be written there
  for (let n = 0; n < 2; n++) await expect(mender(path, clock)(broken, null)).rejects.toThrow("bus.db.aside");
  expect(aside()).toEqual([]);
});
