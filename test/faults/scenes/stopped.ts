/** Sleep, jumping clocks, locks held by others: nothing is lost, only late. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome, Scene } from "../fault.ts";
import { stage } from "../stage.ts";

const day = 86_400_000;

const sleep: Scene = {
  name: "SIGSTOP, then SIGCONT",
  what: "receiver, sender, and a sender amid its write transaction, for a minute",
  async run({ lengthMs }): Promise<Outcome> {
    await using on = stage();
    const wrong: string[] = [];
    const bob = await on.start("bob", { channel: true });
    const alice = await on.start("alice");
    const carl = await on.start("carl");
    // Stops itself with the write lock in its hand.
    const point = "address:before commit";
    const holder = await on.start("dora", {
      point,
      env: { CC_DM_TEST_SIGNAL: "SIGSTOP" },
    });
    const held = holder.send("bob");
    bob.signal("SIGSTOP");
    alice.signal("SIGSTOP");
    const late = alice.send("bob");
    let refused = 0;
    const sending = (async () => {
      const end = performance.now() + lengthMs;
      while (performance.now() < end) {
        if ((await carl.send("bob")) === null) refused++;
        await Bun.sleep(lengthMs / 50);
      }
    })();
    await sending;
    if (on.kills(point) === 0) wrong.push("nobody slept with the lock");
    holder.signal("SIGCONT");
    alice.signal("SIGCONT");
    bob.signal("SIGCONT");
    if ((await held) === null) wrong.push("the one that held the lock could not go on");
    await late;
    if ((await carl.send("bob")) === null) wrong.push("nothing can be sent afterwards");
    await on.drain([]);
    const names = await carl.ask("who");
    for (const name of ["alice", "bob", "dora"])
      if (!names.includes(`"${name}"`)) wrong.push(`${name} is off the roster after its sleep`);
    const notes = [`${refused} sends refused (locked) while one slept with the lock`];
    return { ...on.account(), times: 3, wrong, notes };
  },
};

const clock: Scene = {
  slow: true,
  name: "clock jumps",
  what: "ahead and back by days, for all and for one; and a machine that slept",
  async run({ rounds }): Promise<Outcome> {
    await using on = stage();
    const turn = (wallMs: number, upMs: number) => {
      writeFileSync(join(on.folder, "clock.new"), JSON.stringify([wallMs, upMs]));
      renameSync(join(on.folder, "clock.new"), join(on.folder, "clock.json"));
    };
    turn(0, 0);
    const wrong: string[] = [];
    await (await on.start("dora", { clock: true })).server.close();
    const bob = await on.start("bob", { channel: true, clock: true });
    const alice = await on.start("alice", { clock: true });
    const steady = await on.start("steady"); // whose clock does not move
    await alice.send("dora"); // waits through all of it
    const times = Math.max(4, Math.round(rounds / 2));
    const jumps: readonly (readonly [number, number])[] = [
      [3 * day, 0],
      [0, 0],
      [-3 * day, 0],
      [3_600_000, 3_600_000],
      [-40 * day, 3_600_000],
      [400 * day, 3_600_000],
      [3_600_000, 3_600_000],
    ];
    for (let n = 0; n < times; n++) {
      turn(...(jumps[n % jumps.length] ?? [0, 0]));
      await Promise.all([alice.send("bob"), steady.send("bob"), bob.send("alice"), bob.send("steady")]);
      await Bun.sleep(600); // a poll and its duties
      await Promise.all([alice.inbox(), steady.inbox()]);
    }
    const dora = await on.start("dora", { clock: true });
    await dora.inbox();
    await on.drain();
    const names = await steady.ask("who");
    for (const name of ["alice", "bob"]) if (!names.includes(`"${name}"`)) wrong.push(`${name} was evicted`);
    return { ...on.account(), times, wrong, notes: [] };
  },
};

const locked: Scene = {
  slow: true,
  name: "locked by another program",
  what: "for longer than a call waits; sends in flight all the while",
  async run({ lengthMs }): Promise<Outcome> {
    await using on = stage();
    const wrong: string[] = [];
    const bob = await on.start("bob", { channel: true });
    const alice = await on.start("alice");
    const lock = join(import.meta.dir, "..", "..", "mcp", "beside", "lock.ts");
    let refused = 0;
    for (const mode of ["immediate", "exclusive"]) {
      const ms = Math.min(lengthMs, 15_000);
      const holder = Bun.spawn([process.execPath, lock, on.file, mode, String(ms)], {
        env: on.env(),
        stdout: "ignore",
        stderr: "ignore",
      });
      await Bun.sleep(200);
      const sent = await Promise.all(Array.from({ length: 20 }, () => alice.send("bob")));
      refused += sent.filter((id) => id === null).length;
      await holder.exited;
      if ((await alice.send("bob")) === null) wrong.push("nothing can be sent afterwards");
    }
    await on.drain();
    void bob;
    return { ...on.account(), times: 2, wrong, notes: [`${refused} of 40 sends refused as locked`] };
  },
};

export const stopped: readonly Scene[] = [sleep, clock, locked];
