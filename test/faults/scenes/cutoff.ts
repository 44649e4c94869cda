/** The log of the bus deleted under sessions: they go on with theirs, and who comes later sees another. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import type { Outcome, Scene } from "../fault.ts";
import { stage } from "../stage.ts";
import { meet } from "./disk.ts";

// It is looked for at each heartbeat.
const patienceMs = 75_000;

export const cutoff: Scene = {
  slow: true,
  name: "log deleted under sessions",
  what: "with and without its index, and a new one comes and sends before they notice",
  async run({ rounds }): Promise<Outcome> {
    const times = Math.max(2, Math.round(rounds / 20));
    const wrong: string[] = [];
    await using on = stage();
    await (await on.start("dora")).server.close();
    const [alice, bob] = await Promise.all([on.start("alice"), on.start("bob")]);
    for (let n = 0; n < times; n++) {
      await Promise.all([alice.send("bob"), bob.send("alice"), alice.send("dora")]);
      await bob.inbox();
      for (const tail of n % 2 === 0 ? ["-wal"] : ["-wal", "-shm"]) {
        if (!existsSync(`${on.file}${tail}`)) wrong.push(`there was no bus.db${tail} to delete`);
        rmSync(`${on.file}${tail}`, { force: true });
      }
      const third = await on.start(`new${n}`);
      await Promise.all([alice.send("bob"), bob.send("alice"), third.send("dora"), alice.send("dora")]);
      await meet([alice, bob, third], patienceMs).catch((error) => void wrong.push(String(error)));
      await Promise.all([third.send("alice"), third.send("bob"), bob.send(`new${n}`)]);
      for (let i = 0; i < 3; i++) for (const one of [alice, bob, third]) await one.inbox().catch(() => 0);
      await third.server.close();
    }
    const dora = await on.start("dora");
    await dora.inbox();
    await on.drain();
    const left = readdirSync(on.home).filter((name) => /\.(new|lock|aside|copy)/.test(name));
    if (left.length > 0) wrong.push(`left over: ${left.join(" ")}`);
    return { ...on.account(), times, wrong, notes: [] };
  },
};
