import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "../../../plugin/bus/bus.ts";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { migrations, needed } from "../../../plugin/bus/sqlite/schema.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { boot, joining, join as joins, type Member, posting, send } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";

const clock = fakeClock();
const open: Bus[] = [];
afterEach(() => {
  for (const bus of open.splice(0)) bus.end();
});
async function connect(path: string): Promise<Bus> {
  const bus = await openSqliteBus({ path, clock, boot });
  open.push(bus);
  return bus;
}

/** The same rows in a file of an earlier schema, as the plugin of that time left it. */
function earlier(of: string, version: number, path = join(scratch(), "bus.db")): string {
  const db = new Database(path, { create: true });
  for (const step of migrations.slice(0, version)) db.run(step);
  db.run(`attach '${of}' as later`);
  const tables = db
    .query<{ name: string }, []>(
      "select name from sqlite_master where type = 'table' and name not like 'message_text%' and name not like 'sqlite_%'",
    )
    .all();
  db.run("pragma foreign_keys = off");
  for (const { name } of tables) {
    const columns = db
      .query<{ name: string }, [string]>("select name from pragma_table_info(?, 'main')")
      .all(name)
      .map((column) => column.name)
      .join(", ");
    db.run(`insert into main.${name} (${columns}) select ${columns} from later.${name}`);
  }
  db.run("detach later");
  db.run(`pragma user_version = ${version}`);
  db.close();
  return path;
}

describe("a bus of the first schema", () => {
  let first: string;
  let lead: Member;
  let api: Member;
  let id: string;
  beforeEach(async () => {
    const path = join(scratch(), "bus.db");
    const bus = await connect(path);
    [lead, api] = [await joins(bus, "lead"), await joins(bus, "api")];
    await joins(bus, "last");
    id = await send(bus, lead, [api.session], { body: "from before" });
    await send(bus, api, [lead.session], { body: "seen" });
    const [offer] = await bus.claim({ session: lead.session, path: "wake", limit: 1 });
    await bus.seen(lead.session.id, [offer?.token ?? ""], "prompt");
    first = earlier(path, 1);
  });

  test("keeps its sessions, of which it is not known what they do", async () => {
    const bus = await connect(first);
    expect((await bus.roster()).map(({ name, unread, condition }) => [name, unread, condition])).toEqual([
      ["lead", 0, null],
      ["api", 1, null],
      ["last", 0, null],
    ]);
    expect((await bus.session(api.keys.id))?.version).toBe("0.1.0");
  });

  test("keeps what waits, what was seen, and its receipts", async () => {
    const bus = await connect(first);
    const [offer] = await bus.claim({ session: api.session, path: "wake", limit: 10 });
    expect(offer?.message).toMatchObject({ id, body: "from before" });
    const passed = await bus.history({ mailbox: lead.session.mailbox, limit: 10 });
    expect(passed.map(({ message, receipts }) => [message.body, receipts[0]?.state])).toEqual([
      ["seen", "seen"],
      ["from before", "handed"],
    ]);
  });

  test("takes all that is new", async () => {
    const bus = await connect(first);
    await bus.tell(api.keys.id, { activity: null, reach: "wake", quietUntil: null });
    expect((await bus.session(api.keys.id))?.condition?.reach).toBe("wake");
    await bus.post({ ...posting(lead, [api.session]), notify: "seen" });
    expect(await bus.watches(lead.session.mailbox)).toHaveLength(1);
  });

  test("tells a session of before of nobody who was there already", async () => {
    const bus = await connect(first);
    await bus.movements(lead.keys.id); // who had never been told may be told of all, once
    await clock.pass(1000);
    await joins(bus, "newcomer");
    expect((await bus.movements(lead.keys.id)).joined.map((one) => one.name)).toEqual(["newcomer"]);
  });

  test("is brought up to date once, though several open it at the same time", async () => {
    const buses = await Promise.all([connect(first), connect(first), connect(first)]);
    for (const bus of buses) expect(await bus.roster()).toHaveLength(3);
    const db = new Database(first);
    expect(db.query("pragma user_version").get()).toEqual({ user_version: needed });
    expect(db.query("select steps from schema_step").all()).toEqual([{ steps: migrations.length }]);
    expect(db.query("pragma integrity_check").get()).toEqual({ integrity_check: "ok" });
    db.close();
  });
});

describe("the number of a mailbox is never used twice", () => {
  /** A bus in which the newest mailbox is gone: merged into an older one. */
  async function merged(bus: Bus): Promise<number> {
    const old = await joins(bus, "old", { cwd: "/code/x" });
    await bus.close([old.session.id]);
    const newest = await joins(bus, "newest", { cwd: "/code/x" });
    const lead = await joins(bus, "lead");
    await send(bus, lead, [newest.session]);
    await bus.close([lead.session.id]);
    await bus.rename({ id: newest.session.id, name: "old", role: "worker", project: null });
    return newest.session.mailbox;
  }

  test("though its mailbox was merged into another", async () => {
    const bus = await connect(join(scratch(), "bus.db"));
    const gone = await merged(bus);
    for (const name of ["a", "b", "c"])
      expect((await joins(bus, name)).session.mailbox).toBeGreaterThan(gone);
  });

  test("though that was before the numbers were kept", async () => {
    const path = join(scratch(), "bus.db");
    const gone = await merged(await connect(path));
    const db = new Database(path);
    db.run("delete from session where name = 'lead'");
    db.run("update message set from_mailbox = 1");
    db.run("delete from mailbox where name = 'lead'");
    db.close();
    const bus = await connect(earlier(path, 1));
    const joined = await bus.join(joining("fresh"));
    expect(joined.ok && joined.session.mailbox > gone).toBe(true);
  });

  test("though its bus was deleted right after it was made, and made anew", async () => {
    const folder = scratch();
    const path = join(folder, "bus.db");
    const first = await connect(path);
    const gone = [await joins(first, "api"), await joins(first, "web")];
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    const second = await joins(await connect(path), "api");
    for (const { session } of gone) expect(second.session.mailbox).toBeGreaterThan(session.mailbox);
  });

  test("though history forgot it", async () => {
    const bus = await connect(join(scratch(), "bus.db"));
    const { session, keys } = await joins(bus, "api");
    await bus.close([session.id]);
    await clock.pass(8 * 86_400_000);
    await bus.prune(keys.id, 7);
    expect(await bus.mailbox(session.mailbox)).toBeNull();
    expect((await joins(bus, "web")).session.mailbox).toBeGreaterThan(session.mailbox);
  });
});
