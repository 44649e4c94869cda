import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { copyFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
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
