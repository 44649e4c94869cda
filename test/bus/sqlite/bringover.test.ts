import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { closeSync, copyFileSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setAsideDamaged } from "../../../plugin/bus/sqlite/damaged.ts";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { boot, join as joins, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

test("what a session knows to be read is read, though who was faster brought it as unread", async () => {
  const folder = scratch();
  const path = join(folder, "bus.db");
  const old = await openSqliteBus({ path, clock: fakeClock(), boot });
  const [lead, api] = [await joins(old, "lead"), await joins(old, "api")];
  const [read, unread] = [await send(old, lead, [api.session]), await send(old, lead, [api.session])];
  const db = new Database(path);
  db.run("pragma wal_checkpoint(truncate)");
  db.close();
  copyFileSync(path, `${path}.before`);
  const [offer] = await old.claim({ session: api.session, path: "wake", limit: 1 });
  await old.seen(api.session.id, [offer?.token ?? ""], "prompt");
  for (const tail of ["-wal", "-shm"]) rmSync(`${path}${tail}`);
  renameSync(`${path}.before`, path);

  await old.bringOver();
  const now = new Database(path);
  const sql =
    "select m.id, d.state, d.open, d.evidence from delivery d join message m on m.seq = d.message order by m.seq";
  expect(now.query(sql).all()).toEqual([
    { id: read, state: "seen", open: 0, evidence: "prompt" },
    { id: unread, state: "queued", open: 1, evidence: null },
  ]);
  now.close();
  old.end();
});

// A table that is read for it, one that is only carried, an index by which what was read is looked up.
test.each(["delivery", "filter", "sqlite_autoindex_message_1"])(
  "who had a bus open that another session set aside, %s damaged, goes on with the new one",
  async (what) => {
    const path = join(scratch(), "bus.db");
    const clock = fakeClock();
    const bus = await openSqliteBus({ path, clock, boot });
    const [lead, api] = [await joins(bus, "lead"), await joins(bus, "api")];
    for (let n = 0; n < 60; n++) await send(bus, lead, [api.session]);
    const db = new Database(path);
    db.run("pragma wal_checkpoint(truncate)");
    const sql = "select rootpage from sqlite_master where name = ?";
    const page = db.query<{ rootpage: number }, [string]>(sql).get(what)?.rootpage ?? 0;
    db.close();
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
    closeSync(file);
    expect(await setAsideDamaged(path, clock, null)).toMatchObject({ messages: 60, waiting: 60 });
    expect(await bus.bringOver()).toMatchObject({ messages: 0, waiting: 0 }); // it was all there
    bus.end();
  },
);
