import { Database } from "bun:sqlite";
import { beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { examine } from "../../plugin/bus/sqlite/examine.ts";
import { openSqliteBus } from "../../plugin/bus/sqlite/index.ts";
import type { Clock } from "../../plugin/core/clock.ts";
import { systemClock } from "../../plugin/core/clock.ts";
import { type Config, loadConfig } from "../../plugin/core/config.ts";
import { homeFrom } from "../../plugin/core/home.ts";
import { entryAt } from "../../plugin/doctor/entries.ts";
import type { Facts } from "../../plugin/doctor/facts.ts";
import { gather, type Patient } from "../../plugin/doctor/gather.ts";
import { thisPlace } from "../../plugin/host/place.ts";
import { markOf } from "../../plugin/host/process.ts";
import { join as joins } from "../fakes/people.ts";
import { scratch } from "../fakes/scratch.ts";

const clock: Clock = systemClock;
let folder = "";
let env: Record<string, string>;
beforeEach(() => {
  folder = scratch();
  env = { HOME: folder, PATH: join(folder, "bin") };
  mkdirSync(join(folder, "bin"));
});

function look(more: Partial<Patient> = {}): Promise<Facts> {
  return gather({
    env,
    cwd: folder,
    clock,
    version: "0.1.0",
    pid: process.pid,
    session: null,
    config: null,
    programs: [],
    examine: (path) => examine(path, clock),
    ...more,
  });
}

/** A session whose server and client is this very process, or another one. */
async function member(name: string, pid = process.pid) {
  const home = homeFrom(env);
  mkdirSync(home.bells, { recursive: true });
  mkdirSync(home.clients, { recursive: true });
  const bus = await openSqliteBus({ path: home.bus, clock, boot: thisPlace().boot });
  const { session } = await joins(bus, name, {
    place: thisPlace(),
    server: markOf(pid),
    client: markOf(pid),
    bell: join(home.bells, name),
    version: "0.1.0",
  });
  bus.end();
  return session;
}

function tool(name: string): string {
  const path = join(folder, "bin", name);
  writeFileSync(path, "#!/bin/sh\necho 1.4.9\n");
  chmodSync(path, 0o755);
  return path;
}

test("programs are looked for on the PATH that is given, not on this process's own", async () => {
  expect(await look()).toMatchObject({ bun: { onPath: null }, claude: null, namesakes: { programs: [] } });
  const [bun, claude, namesake] = [tool("bun"), tool("claude"), tool("cc-dm")];
  expect(await look()).toMatchObject({
    bun: { onPath: { path: bun, version: "1.4.9" } },
    claude: { path: claude, version: "1.4.9" },
    namesakes: { programs: [namesake] },
  });
  expect((await look({ programs: [namesake] })).namesakes.programs).toEqual([]);
});

describe("the session that asks", () => {
  test("is found by the processes above, or as given", async () => {
    const { id } = await member("api");
    const child = Bun.spawn(["sleep", "30"]);
    expect((await look({ pid: child.pid })).here).toEqual({ session: id, inClient: false });
    child.kill();
    await child.exited;
    expect((await look({ pid: 1 })).here.session).toBeNull();
    expect((await look({ pid: 1, session: "x" })).here.session).toBe("x");
  });

  test("may be in a client that is not on the bus", async () => {
    env.CLAUDECODE = "1";
    expect((await look()).here).toEqual({ session: null, inClient: true });
  });
});

test("sessions are told with what their processes and bells are", async () => {
  await member("api");
  const gone = Bun.spawn(["true"]);
  await gone.exited;
  await member("old", gone.pid);
  writeFileSync(join(homeFrom(env).bells, "api"), "");
  const found = (await look()).sessions.map(({ session, standing, bellHangs, client }) => ({
    name: session.name,
    standing,
    bellHangs,
    client: client?.pid ?? null,
  }));
  expect(found).toEqual([
    { name: "api", standing: "live", bellHangs: true, client: process.pid },
    { name: "old", standing: "gone", bellHangs: false, client: null },
  ]);
});

test("bells of no session and folders of clients that are gone are leftovers", async () => {
  await member("api");
  const { bells, clients } = homeFrom(env);
  for (const name of ["api", "stale"]) writeFileSync(join(bells, name), "");
  const gone = Bun.spawn(["true"]);
  await gone.exited;
  for (const pid of [process.pid, gone.pid]) mkdirSync(join(clients, `${pid}-0123abcd`));
  expect((await look()).leftovers).toEqual({ bells: ["stale"], clients: [`${gone.pid}-0123abcd`] });
});

test.if(process.platform === "linux")(
  "a writer counts as holding the lock only if it does not let go",
  async () => {
    await member("api");
    const db = new Database(homeFrom(env).bus);
    db.run("begin immediate");
    expect((await look()).writer).toMatchObject({ pid: process.pid });
    const sleep = async () => void db.run("rollback");
    expect((await look({ clock: { ...clock, sleep } })).writer).toBeNull();
    db.close();
  },
);

test("settings are those given, else those of the environment; a wrong one is told and hides nothing", async () => {
  const config: Config = loadConfig({ env: { HOME: folder, CC_DM_WAKE: "off" }, args: [] });
  const wake = ({ settings }: Facts) => "config" in settings && settings.config.values.CC_DM_WAKE;
  expect([wake(await look()), wake(await look({ config }))]).toEqual([true, false]);
  env.CC_DM_BELL = "sometimes";
  const facts = await look();
  expect(facts.settings).toEqual({ wrong: expect.stringContaining('CC_DM_BELL is "sometimes"') });
  expect(facts.home?.folder).toBe(join(folder, ".cc-dm"));
});

test("a home that cannot be told is told as a wrong setting", async () => {
  env.CC_DM_HOME = "relative";
  expect(await look()).toMatchObject({
    home: null,
    bus: { state: "missing" },
    entries: [],
    settings: { wrong: expect.stringContaining("CC_DM_HOME") },
  });
});

test("variables that look like settings are told, those of tests and of the installer are not", async () => {
  Object.assign(env, {
    CC_DM_NMAE: "x",
    CCDM_NAME: "x",
    CC_DM_TEST_CLIENTS: "x",
    CC_DM_CLIENT: "x",
    CC_DM: "on",
  });
  expect((await look()).strays).toEqual(["CC_DM_NMAE", "CCDM_NAME"]);
});

test("what lies at a path is told without following it", () => {
  const [file, link] = [join(folder, "file"), join(folder, "link")];
  writeFileSync(file, "12345");
  chmodSync(file, 0o640);
  symlinkSync(file, link);
  expect(entryAt(file)).toEqual({ path: file, kind: "file", mine: true, mode: 0o640, bytes: 5 });
  expect(entryAt(link).kind).toBe("link");
  expect(entryAt(dirname(file)).kind).toBe("folder");
  expect(entryAt(join(file, "below")).kind).toBe("missing");
  expect(entryAt(`${folder}/${"x".repeat(300)}`).kind).toBe("unreadable");
});
