/** A disk that is full, or turns read-only, in the middle; a folder that goes away. */
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../support/processes.ts";
import type { Outcome, Scene } from "../fault.ts";
import { type Actor, stage } from "../stage.ts";

const privately =
  process.getuid?.() === 0 ? ["unshare", "--mount"] : ["unshare", "--mount", "--map-root-user"];
const user = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];

function impossible(): string | null {
  const can = Bun.spawnSync([...privately, "sh", "-c", "mount -t tmpfs none /mnt"]).success;
  return can ? null : "no file system can be mounted here";
}

/** A namespace in which a small disk lies at the place; sessions join it. */
async function smallDisk(place: string, kib: number) {
  const script = `mount -t tmpfs -o size=${kib}k,mode=700 none ${place} && echo there && exec sleep 100000`;
  const holder = Bun.spawn([...privately, "sh", "-c", script], { stdout: "pipe", stderr: "ignore" });
  for await (const _ of holder.stdout) break;
  const enter = ["nsenter", "--target", String(holder.pid), "--mount", ...user];
  return {
    enter: [...enter, "--"],
    run: (command: string) => void Bun.spawnSync([...enter, "sh", "-c", command]),
    [Symbol.asyncDispose]: async () => {
      holder.kill("SIGKILL");
      await holder.exited;
    },
  };
}

const disks: Scene = {
  slow: true,
  name: "disk full, then read-only",
  what: "in the middle of sending, and room again; several times",
  impossible,
  async run({ rounds }): Promise<Outcome> {
    const place = mkdtempSync(join(tmpdir(), "dmd-"));
    await using disk = await smallDisk(place, 32_768);
    await using on = stage(place, disk.enter);
    const wrong: string[] = [];
    const how = { through: disk.enter };
    const bob = await on.start("bob", { channel: true, ...how });
    const alice = await on.start("alice", how);
    const times = Math.max(2, Math.round(rounds / 10));
    let refused = 0;
    const many = async (count: number) => {
      for (let i = 0; i < count; i++) if ((await alice.send("bob", "x".repeat(900))) === null) refused++;
    };
    for (let n = 0; n < times; n++) {
      const sending = many(40);
      await Bun.sleep(20);
      if (n % 2 === 0) disk.run(`cat /dev/zero > ${place}/filler 2>/dev/null; :`);
      else disk.run(`mount -o remount,ro ${place}`);
      await sending;
      disk.run(`mount -o remount,rw ${place}; rm -f ${place}/filler`);
      await until("it sends again", async () => (await alice.send("bob")) !== null, 20_000).catch(
        () => void wrong.push("nothing can be sent when there is room again"),
      );
    }
    void bob;
    await on.drain();
    const account = on.account();
    for (const one of [alice, bob]) await one.server.close();
    rmSync(place, { recursive: true, force: true });
    return { ...account, times, wrong, notes: [`${refused} sends refused`] };
  },
};

const gone: Scene = {
  name: "folder deleted or moved away",
  what: "under two sessions, and a new one makes it anew before they notice",
  async run({ rounds }): Promise<Outcome> {
    const times = Math.max(2, Math.round(rounds / 10));
    const wrong: string[] = [];
    await using on = stage();
    await (await on.start("dora")).server.close();
    const [alice, bob] = await Promise.all([on.start("alice"), on.start("bob")]);
    for (let n = 0; n < times; n++) {
      // All within one gap between two polls: mail, harm, and somebody new who makes the bus anew.
      const mail = [alice.send("bob"), bob.send("alice"), alice.send("dora")];
      await Promise.all(mail);
      if (n % 2 === 0) rmSync(on.home, { recursive: true, force: true });
      else renameSync(on.home, `${on.home}-${n}`);
      const newcomer = on.start(`new${n}`).catch((error) => void wrong.push(`a newcomer failed: ${error}`));
      const sends = [alice.send("bob"), bob.send("alice")];
      const third = await newcomer;
      await Promise.all(sends);
      if (third) await meet([alice, bob, third]).catch((error) => void wrong.push(String(error)));
      for (let i = 0; i < 3; i++) for (const one of [alice, bob]) await one.inbox().catch(() => 0);
      if (third) await third.server.close();
    }
    const dora = await on.start("dora");
    await dora.inbox();
    await on.drain();
    return { ...on.account(), times, wrong, notes: [] };
  },
};

/** Waits until all see each other. */
export async function meet(actors: readonly Actor[], patienceMs = 20_000): Promise<void> {
  await until(
    "they find each other",
    async () => {
      const lists = await Promise.all(actors.map((one) => one.ask("who").catch(() => "")));
      return lists.every((text) => actors.every(({ name }) => text.includes(`"${name}"`)));
    },
    patienceMs,
  );
}

export const disk: readonly Scene[] = [disks, gone];
