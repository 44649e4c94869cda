/** Two programs of different age on one file: what the older one may go on with. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { migrations, needed } from "../../../plugin/bus/sqlite/schema.ts";
import type { DmError } from "../../../plugin/core/errors.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { boot, join as joins, posting, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

const clock = fakeClock();
const numbers = (db: Database) => [
  db.query<{ user_version: number }, []>("pragma user_version").get()?.user_version,
  db.query<{ steps: number }, []>("select max(steps) as steps from schema_step").get()?.steps,
];

test("steps that only add keep no older program out, and it takes none of them back", async () => {
  const path = join(scratch(), "bus.db");
  (await openSqliteBus({ path, clock, boot })).end();
  const later = new Database(path);
  expect(numbers(later)).toEqual([needed, migrations.length]);
  later.run("create table from_the_future (a)");
  later.run("alter table session add column from_the_future text not null default ''");
  later.run(`insert into schema_step (steps) values (${migrations.length + 2})`);

  const bus = await openSqliteBus({ path, clock, boot });
  const [a, b] = [await joins(bus, "alice"), await joins(bus, "bob")];
  await send(bus, a, [b.session]);
  expect(await bus.unread(b.session)).toBe(1);
  expect(numbers(later)).toEqual([needed, migrations.length + 2]);
  bus.end();
  later.close();
});

test("a step that it must know stops every poll, every write and every look that fails, and is told once noticed", async () => {
  const path = join(scratch(), "bus.db");
  const noticed: DmError[] = [];
  const bus = await openSqliteBus({ path, clock, boot, lost: (error) => void noticed.push(error) });
  const [a, b] = [await joins(bus, "alice"), await joins(bus, "bob")];
  const later = new Database(path);
  later.run(`pragma user_version = ${migrations.length + 1}`);
  expect(noticed).toEqual([]);

  const rows = () => later.query("select * from session").all();
  const before = rows();
  const newer = { code: "bus_newer" };
  await expect(bus.post(posting(a, [b.session]))).rejects.toMatchObject(newer);
  expect(() => bus.changed()).toThrow(expect.objectContaining(newer));
  later.run("alter table filter rename to something_else");
  await expect(bus.filters(b.session.mailbox)).rejects.toMatchObject(newer);
  later.run("alter table something_else rename to filter");
  await expect(bus.beat(a.keys.id, "main")).rejects.toMatchObject(newer);
  bus.leave(a.keys.id);
  expect(rows()).toEqual(before);
  expect(later.query("select * from message").all()).toEqual([]);
  expect(noticed.map(({ code }) => code)).toEqual(["bus_newer", "bus_newer", "bus_newer", "bus_newer"]);
  bus.end();
  later.close();
});

test("a number that an older plugin left in the file is not taken for ours", async () => {
  const path = join(scratch(), "bus.db");
  const other = new Database(path);
  other.run("create table sessions (name text, last_seen text)");
  other.run("pragma user_version = 70");
  (await openSqliteBus({ path, clock, boot })).end();
  expect(numbers(other)).toEqual([needed, migrations.length]);
  other.close();
});
