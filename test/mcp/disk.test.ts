/** A home that cannot be written, is full, or holds a file that is not ours to touch. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { until } from "../support/processes.ts";
import type { TestSession } from "../support/session.ts";
import { type Start, testBus } from "../support/testbus.ts";

const bus = testBus();

/** What a mount of its own needs: root, or a kernel that lets users have namespaces. */
const privately =
  process.getuid?.() === 0 ? ["unshare", "--mount"] : ["unshare", "--mount", "--map-root-user"];
const mounts = Bun.spawnSync([...privately, "sh", "-c", "mount -t tmpfs none /mnt"]).success;
if (!mounts) {
  const reason = "no file system can be mounted here: full and read-only homes are not tested";
  if (process.env.CI === "true") throw new Error(reason);
  process.stderr.write(`${reason}\n`);
}

/** A server that sees a small file system of its own where its home is. */
function onSmallDisk(name: string, { kib }: { kib: number }, then = "true"): Start {
  const home = bus.path(`disk-${name}`);
  mkdirSync(home, { recursive: true });
  const script = `mount -t tmpfs -o size=${kib}k,mode=700 none "$CC_DM_HOME" && ${then} && exec "$@"`;
  return { name, env: { CC_DM_HOME: home }, through: [...privately, "sh", "-c", script, "sh"] };
}

const readOnly = 'mount -o remount,ro "$CC_DM_HOME"';
const full = 'head -c 60000 /dev/zero > "$CC_DM_HOME/filler"';

/** Does something to the disk that only this server sees. */
function mend({ pid }: TestSession, command: string): void {
  const user = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];
  const words = ["nsenter", "--target", String(pid), "--mount", ...user, "sh", "-c", command];
  expect(Bun.spawnSync(words).stderr.toString()).toBe("");
}

describe.if(mounts)("a home that is read-only", () => {
  test("is told of by every tool and once on stderr", async () => {
    const session = await bus.start(onSmallDisk("alice", { kib: 4096 }, readOnly));
    for (const [tool, args] of [
      ["who", {}],
      ["dm", { to: "bob", content: "x" }],
      ["inbox", {}],
    ] as const) {
      const fault = await session.refused(tool, args);
      expect(fault).toMatchObject({ code: "bus_unavailable", you: null });
      expect(fault.message).toContain(bus.path("disk-alice"));
      expect(fault.message).toContain("CC_DM_HOME");
    }
    expect(session.client.getInstructions()).toContain("could not open its bus");
    expect(await session.stderr.next((line) => line.startsWith("cc-dm: "))).toContain("read-only");
    expect((await session.call("hook_prompt", { prompt: "x" })).content).toEqual([
      { type: "text", text: "{}" },
    ]);
  });
});

describe.if(mounts)("a home that is full", () => {
  test("from the start is told of by every tool and on stderr", async () => {
    const session = await bus.start(onSmallDisk("alice", { kib: 64 }, full));
    const fault = await session.refused("who");
    expect(["bus_full", "bus_unavailable"]).toContain(fault.code);
    expect(fault.message).toContain("bus.db");
    expect(await session.stderr.next((line) => line.startsWith("cc-dm: "))).toContain("bus.db");
  });

  test("refuses what it cannot keep, goes on otherwise, and takes it again when there is room", async () => {
    const session = await bus.start(onSmallDisk("alice", { kib: 1024 }));
    mend(session, `cd ${bus.path("disk-alice")}; cat /dev/zero > filler 2> /dev/null; :`);
    const change = (role: string) => session.call("register", { name: "alice", role: role.repeat(60) });
    // The log has some pages left; they are soon used up.
    for (let n = 0; n < 200 && (await change("x")).isError === undefined; n++);
    const fault = await session.refused("register", { name: "alice", role: "y" });
    expect(fault.code).toBe("bus_full");
    expect(fault.message).toContain("Nothing was written");
    expect(fault.you?.role).not.toBe("y");
    expect((await session.ok("who")).sessions).toHaveLength(1);
    expect(await session.ping()).toBeLessThan(1_000);

    mend(session, `rm ${bus.path("disk-alice", "filler")}`);
    expect((await session.ok("register", { name: "alice", role: "z" })).you.role).toBe("z");
  });
});

describe.if(mounts)("a home that was unusable", () => {
  test("is used as soon as it is mended, without a restart", async () => {
    // First, so that it has tried again before the others have.
    const stays = await bus.start(onSmallDisk("dora", { kib: 4096 }, readOnly));
    const [a, b] = await Promise.all([
      bus.start(onSmallDisk("alice", { kib: 4096 }, readOnly)),
      bus.start(onSmallDisk("bob", { kib: 64 }, full)),
    ]);
    for (const session of [a, b]) await session.refused("who");
    mend(a, `mount -o remount,rw ${bus.path("disk-alice")}`);
    mend(b, `rm ${bus.path("disk-bob")}/filler && mount -o remount,size=8m ${bus.path("disk-bob")}`);
    for (const [session, name] of [
      [a, "alice"],
      [b, "bob"],
    ] as const) {
      await until("it joins", async () => (await session.call("who")).isError === undefined);
      expect((await session.ok("who")).you.name).toBe(name);
    }
    // Tried again as well, and still said only once.
    expect((await stays.refused("who")).code).toBe("bus_unavailable");
    for (const { stderr } of [a, b, stays]) {
      expect(stderr.all.filter((line) => line.startsWith("cc-dm: "))).toHaveLength(1);
    }
  });
});

describe("a bus.db that is not ours to touch", () => {
  const cases: [string, string, () => void][] = [
    [
      "is of a newer schema",
      "bus_newer",
      () => {
        const db = new Database(bus.file);
        db.run("create table delivery (id integer primary key)");
        db.run("pragma user_version = 9999");
        db.close();
      },
    ],
    [
      "is of a newer schema and in WAL mode",
      "bus_newer",
      () => {
        const db = new Database(bus.file);
        db.run("pragma journal_mode = wal");
        db.run("create table delivery (id integer primary key)");
        db.run("pragma user_version = 9999");
        db.close();
      },
    ],
  ];

  for (const [what, code, make] of cases) {
    test(`because it ${what} is told of by every tool and on stderr, and stays as it is`, async () => {
      mkdirSync(bus.home, { mode: 0o700 });
      make();
      const before = readFileSync(bus.file);
      const session = await bus.start({ name: "alice" });
      for (const tool of ["who", "inbox"]) {
        const fault = await session.refused(tool);
        expect(fault).toMatchObject({ code, you: null });
        expect(fault.message).toContain(bus.file);
      }
      expect(await session.stderr.next((line) => line.startsWith("cc-dm: "))).toContain(bus.file);
      expect(await session.ping()).toBeLessThan(1_000);
      await session.stop();
      expect(readFileSync(bus.file).equals(before)).toBe(true);
    });
  }
});
