/** One session that sends without end, many that start at once, and files of every earlier schema. */
import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { migrations } from "../../../plugin/bus/sqlite/schema.ts";
import { unpackBefore } from "../../mcp/before/unpack.ts";
import { until } from "../../support/processes.ts";
import { type Outcome, type Scene, sum } from "../fault.ts";
import { type Actor, stage } from "../stage.ts";

async function medianMs(from: Actor, to: string, count: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const before = performance.now();
    await from.send(to);
    times.push(performance.now() - before);
  }
  return times.sort((a, b) => a - b)[count >> 1] ?? 0;
}

const flood: Scene = {
  slow: true,
  alone: true, // it says how quick others are
  name: "a session that floods",
  what: "as many sends as it can, 64 at once: refused by limits, others as quick as they were",
  async run({ lengthMs }): Promise<Outcome> {
    await using on = stage();
    const wrong: string[] = [];
    const [bob, carl] = [await on.start("bob", { channel: true }), await on.start("carl", { channel: true })];
    const [alice, mad] = [await on.start("alice"), await on.start("mad")];
    const calm = await medianMs(alice, "carl", 40);
    let [on_, sent, refused] = [true, 0, 0];
    const worker = async () => {
      while (on_) (await mad.send("bob")) === null ? refused++ : sent++;
    };
    const flooding = Promise.all(Array.from({ length: 64 }, worker));
    await Bun.sleep(200);
    const under = await medianMs(alice, "carl", 60);
    await Bun.sleep(Math.min(lengthMs, 10_000));
    on_ = false;
    await flooding;
    void [bob, carl];
    await on.drain([], 60_000);
    const note = `${sent} sent and ${refused} refused by it; another's send took ${calm.toFixed(1)} ms before and ${under.toFixed(1)} ms meanwhile`;
    if (lengthMs > 5_000 && refused === 0) wrong.push("nothing bounds what one session sends");
    return { ...on.account(), times: sent + refused, wrong, notes: [note] };
  },
};

const starts: Scene = {
  alone: true,
  name: "many sessions start at once",
  what: "200 of them on a new bus; each is there, and under a name of its own",
  async run({ rounds }): Promise<Outcome> {
    await using on = stage();
    const count = rounds < 20 ? 12 : 200;
    const actors = await Promise.all(Array.from({ length: count }, (_, n) => on.start(`s${n}`)));
    const last = actors.at(-1) as Actor;
    const wrong: string[] = [];
    await until(
      "all are there",
      async () => {
        const { sessions = [] } = JSON.parse(await last.ask("who")) as {
          sessions?: readonly { name: string }[];
        };
        return new Set(sessions.map(({ name }) => name)).size === count;
      },
      120_000,
    ).catch((error) => void wrong.push(String(error)));
    await Promise.all(actors.map((one, n) => one.send(`s${(n + 1) % count}`)));
    await Promise.all(actors.map((one) => one.inbox().catch((error) => void wrong.push(String(error)))));
    await on.drain([], 60_000);
    const account = on.account();
    await Promise.all(actors.map((one) => one.server.close()));
    return { ...account, times: count, wrong, notes: [] };
  },
};

const schemas: Scene = {
  slow: true,
  name: "every earlier schema",
  what: "files made by the migrations up to each step; a real older server beside",
  async run(): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    for (let steps = 1; steps < migrations.length; steps++) {
      await using on = stage();
      mkdirSync(on.home, { mode: 0o700 });
      const db = new Database(on.file, { create: true });
      db.run("pragma journal_mode = wal");
      for (const step of migrations.slice(0, steps)) db.run(step);
      db.run(`pragma user_version = ${steps}`);
      db.run("insert into mailbox (id, name, project, folder) values (5, 'zoe', '', '/x')");
      db.close();
      const bob = await on.start("bob", { channel: true });
      const alice = await on.start("alice");
      await alice.send("bob");
      await alice.send("zoe"); // a mailbox of then
      await (await on.start("zoe")).inbox();
      await on.drain();
      void bob;
      outcomes.push({ ...on.account(), times: 1, wrong: [], notes: [] });
    }
    await using on = stage();
    const { server } = await unpackBefore(`${on.folder}/before`);
    const own = { through: ["sh", "-c", '"$@"; exit', "sh"] };
    const old = await on.start("old", { server, ...own });
    const now = await on.start("now", own);
    for (let n = 0; n < 5; n++) {
      await Promise.all([old.send("now"), now.send("old")]);
      await Promise.all([old.inbox(), now.inbox()]);
    }
    await on.drain();
    outcomes.push({ ...on.account(), times: 1, wrong: [], notes: [] });
    return { ...sum(outcomes), times: outcomes.length, wrong: [], notes: [] };
  },
};

export const crowded: readonly Scene[] = [flood, starts, schemas];
