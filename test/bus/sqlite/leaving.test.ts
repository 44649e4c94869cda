/** A command that ends right after it wrote, and a file that is replaced in that moment. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { hold } from "../../../plugin/bus/sqlite/hold.ts";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { withStore } from "../../../plugin/cli/store.ts";
import { systemClock as clock } from "../../../plugin/core/clock.ts";
import { boot, join as joins, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

const openAt = (path: string) => openSqliteBus({ path, clock, boot });

const idsAt = (path: string) => {
  const db = new Database(path, { readonly: true });
  const rows = db.query<{ id: string }, []>("select id from message").all();
  db.close();
  return rows.map(({ id }) => id);
};

/** A bus on which somebody wrote to `api`, and another file with the same people, ready to take its place. */
async function scene() {
  const path = join(scratch(), "bus.db");
  const command = await openAt(path);
  const [lead, api] = [await joins(command, "lead"), await joins(command, "api")];
  const other = await openAt(`${path}.new`);
  other.end();
  const replace = () => {
    for (const tail of ["-wal", "-shm"]) rmSync(`${path}${tail}`, { force: true });
    renameSync(`${path}.new`, path);
  };
  return { path, command, replace, send: () => send(command, lead, [api.session]) };
}

test("what it wrote after the other file was filled comes along", async () => {
  const { path, command, replace, ...on } = await scene();
  const release = hold(`${path}.lock`);
  const sent = await on.send();
  let left = false;
  const leaving = command.leaveNoneBehind().then(() => {
    left = true;
  });
  await Bun.sleep(100);
  expect(left).toBe(false); // it waits for what becomes of its file
  replace();
  expect(idsAt(path)).toEqual([]);
  release?.();
  await leaving;
  command.end();
  expect(idsAt(path)).toEqual([sent]);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("without such a file it leaves at once, and who wrote nothing follows nobody", async () => {
  const { path, command, replace, ...on } = await scene();
  await on.send();
  await command.leaveNoneBehind();
  const reader = await openAt(path);
  replace();
  await reader.leaveNoneBehind();
  reader.end();
  expect(idsAt(path)).toEqual([]);
  command.end();
});

test.each(["succeeds", "fails"])("a command that %s leaves none behind", async (how) => {
  const { path, command, replace } = await scene();
  let sent = "";
  const run = withStore({ env: { CC_DM_HOME: dirname(path) }, clock }, async ({ bus }) => {
    const [lead, api] = [await joins(bus, "lead2"), await joins(bus, "api2")];
    sent = await send(bus, lead, [api.session]);
    replace();
    if (how === "fails") throw new Error("what went wrong first");
    return 0;
  });
  await (how === "fails" ? expect(run).rejects.toThrow("what went wrong first") : run);
  expect(idsAt(path)).toEqual([sent]);
  command.end();
});

test.each(["file", "folder"])(
  "a command whose %s was deleted makes none, and does not fail",
  async (what) => {
    const home = join(scratch(), "home");
    mkdirSync(home, { mode: 0o700 });
    const path = join(home, "bus.db");
    (await openAt(path)).end();
    const done = await withStore({ env: { CC_DM_HOME: home }, clock }, async ({ bus }) => {
      const [lead, api] = [await joins(bus, "lead"), await joins(bus, "api")];
      await send(bus, lead, [api.session]);
      for (const file of what === "folder" ? [home] : ["", "-wal", "-shm"].map((tail) => `${path}${tail}`))
        rmSync(file, { recursive: true, force: true });
      return "sent";
    });
    expect(done).toBe("sent");
    expect(existsSync(path)).toBe(false);
  },
);
