/** An upgrade while sessions run: an old program beside the new one, and a step that the old one must know. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { mkdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { needed } from "../../plugin/bus/sqlite/schema.ts";
import type { Finding } from "../../plugin/core/finding.ts";
import { until } from "../support/processes.ts";
import { serverCommand, type TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";
import { unpackBefore } from "./before/unpack.ts";

const bus = testBus();
const client = { CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s-1" };
/** A client of its own, as everybody's server is its client's child. */
const elsewhere = { through: ["sh", "-c", '"$@"; exit', "sh"] };

const receipt = async (by: TestSession) => (await by.ok("history")).messages[0]?.receipts[0]?.state;
const names = async (by: TestSession) => (await by.ok("who")).sessions.map(({ name }) => name).sort();

const says = (body: string) => expect.stringContaining(`\n\n${body}`);
const textOf = async (answer: ReturnType<TestSession["call"]>): Promise<string> =>
  ((await answer).content as readonly { text: string }[])[0]?.text ?? "";
const examined = async (by: TestSession): Promise<readonly Finding[]> =>
  JSON.parse(await textOf(by.call("doctor"))).findings;

/** Each writes to the other, who reads it and answers. */
async function talk(one: TestSession, other: TestSession, called: readonly [string, string]): Promise<void> {
  const [oneName, otherName] = called;
  const { message_id } = await one.ok("dm", { to: otherName, content: "is it done?" });
  const [mail] = (await other.ok("inbox")).messages;
  expect(mail).toMatchObject({ from: oneName, content: says("is it done?") });
  await until("it is seen", async () => (await receipt(one)) === "seen");
  await other.ok("reply", { message_id, content: "it is" });
  expect((await one.ok("inbox")).messages).toMatchObject([{ from: otherName, content: says("it is") }]);
  expect((await other.ok("history")).messages.map(({ content }) => content)).toContain("it is");
}

const failures = (session: TestSession) => session.stderr.all.filter((line) => /"error"|cc-dm: /.test(line));

describe("a server of before and one of now on one bus", () => {
  test("the old one first: its file is brought up to date under it, and it goes on", async () => {
    const { server } = await unpackBefore(bus.path("before"));
    const old = await bus.start({ name: "old", server, ...elsewhere });
    await old.ok("dm", { to: "old-friend", content: "x" }).catch(() => {}); // there is nobody yet
    const now = await bus.start({ name: "now", ...elsewhere });
    await talk(old, now, ["old", "now"]);
    await talk(now, old, ["now", "old"]);
    for (const one of [old, now]) expect(await names(one)).toEqual(["now", "old"]);
    await old.stop();
    expect(await names(now)).toEqual(["now"]);
    expect([...failures(old), ...failures(now)]).toEqual([]);
  });

  test("the new one first: the old one joins, and what waited for it is there", async () => {
    const { server } = await unpackBefore(bus.path("before"));
    const start = { name: "old", server, ...elsewhere };
    const now = await bus.start({ name: "now", ...elsewhere });
    const first = await bus.start(start);
    await first.stop();
    await now.ok("dm", { to: "old", content: "for later" });
    const old = await bus.start(start);
    expect((await old.ok("inbox")).messages).toMatchObject([{ from: "now", content: says("for later") }]);
    await talk(now, old, ["now", "old"]);
    await now.stop();
    expect(await names(old)).toEqual(["old"]);
    expect([...failures(old), ...failures(now)]).toEqual([]);
  });

  test("the person writes to the old one, and it to the person", async () => {
    const { server } = await unpackBefore(bus.path("before"));
    const old = await bus.start({ name: "old", server, ...elsewhere });
    await bus.start({ name: "now", ...elsewhere });
    const command = join(dirname(serverCommand().at(-1) ?? ""), "cli.js");
    const cli = (...words: readonly string[]) => {
      const env = { PATH: process.env.PATH ?? "", HOME: bus.path("me"), CC_DM_HOME: bus.home };
      const run = Bun.spawnSync([process.execPath, command, ...words], { env });
      expect({ exit: run.exitCode, err: run.stderr.toString() }).toEqual({ exit: 0, err: "" });
      return run.stdout.toString();
    };
    cli("send", "old", "from your user");
    expect((await old.ok("inbox")).messages).toMatchObject([
      { from: "user", content: says("from your user") },
    ]);
    await old.ok("dm", { to: "user", content: "from a worker" });
    expect(cli("inbox")).toContain("from a worker");
    expect(await names(old)).toEqual(["now", "old"]);
  });

  test("a new hook brings the old server's mail: a clone that was pulled under a session", async () => {
    const { server } = await unpackBefore(bus.path("before"));
    const hook = join(dirname(serverCommand().at(-1) ?? ""), "hook.js");
    const old = await bus.start({ name: "old", server, env: client });
    const now = await bus.start({ name: "now", ...elsewhere });
    await now.ok("dm", { to: "old", content: "wake up" });
    const woken = Bun.spawnSync([process.execPath, hook, "wake"], {
      env: { PATH: process.env.PATH ?? "", HOME: bus.path("me"), CC_DM_HOME: bus.home },
      stdin: Buffer.from(JSON.stringify({ session_id: "s-1" })),
    });
    expect(woken.stderr.toString()).toContain("\n\nwake up");
    const prompt = `<task-notification>${woken.stderr.toString()}`;
    await old.call("hook_prompt", { prompt, sid: "s-1", transcript: "" });
    await until("it is seen", async () => (await receipt(now)) === "seen");
  });

  test("the old one's hook still wakes its client", async () => {
    const { server, hook } = await unpackBefore(bus.path("before"));
    const now = await bus.start({ name: "now", ...elsewhere });
    await bus.start({ name: "old", server, env: client });
    await now.ok("dm", { to: "old", content: "wake up" });
    const woken = Bun.spawnSync([process.execPath, hook, "wake"], {
      env: { PATH: process.env.PATH ?? "", HOME: bus.path("me"), CC_DM_HOME: bus.home },
      stdin: Buffer.from(JSON.stringify({ session_id: "s-1" })),
    });
    expect(woken.stderr.toString()).toContain("\n\nwake up");
    expect(woken.exitCode).toBe(2);
  });
});

describe("a step that this program must know", () => {
  const bring = (version: number) => {
    const db = new Database(bus.file);
    db.run("pragma busy_timeout = 5000");
    db.run(`pragma user_version = ${version}`);
    db.close();
  };

  test("stops it at once, says what to do, and loses nothing", async () => {
    const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
    await a.ok("dm", { to: "bob", content: "kept" });
    bring(99);
    const before = contents(bus.file);
    for (const [session, tool, args] of [
      [a, "dm", { to: "bob", content: "too late" }],
      [b, "inbox", {}],
      [b, "who", {}],
    ] as const) {
      const fault = await session.refused(tool, args);
      expect(fault.code).toBe("bus_newer");
      expect(fault.message).toContain("Restart this session (/exit, then claude --continue)");
    }
    const prompt = { prompt: "hello", sid: "", transcript: "" };
    const said = async () => JSON.parse(await textOf(b.call("hook_prompt", prompt)));
    expect(await said()).toEqual({ systemMessage: expect.stringContaining("newer cc-dm") });
    expect(await said()).toEqual({});
    expect(await examined(b)).toContainEqual(
      expect.objectContaining({ id: "bus.schema", severity: "error" }),
    );
    expect(contents(bus.file)).toEqual(before);

    bring(needed);
    await until("they are back", async () => (await b.call("who")).isError !== true, 15_000);
    expect((await b.ok("inbox")).messages).toMatchObject([{ from: "alice", content: says("kept") }]);
  });

  test("is noticed by a session that nobody asks anything", async () => {
    const idle = await bus.start({ name: "idle" });
    bring(99);
    expect(await idle.stderr.next((line) => line.startsWith("cc-dm: "))).toContain("newer cc-dm");
  });

  test("keeps out whoever comes later, too", async () => {
    const first = await bus.start({ name: "first" });
    await first.stop();
    bring(99);
    const late = await bus.start({ name: "late" });
    expect((await late.refused("who")).code).toBe("bus_newer");
  });
});

describe("the link that the command and the status line go by", () => {
  const link = () => bus.path("bus", "plugin");
  const root = dirname(dirname(serverCommand().at(-1) ?? ""));
  const leadNowhere = () => {
    mkdirSync(bus.home, { mode: 0o700 });
    symlinkSync(bus.path("gone", "0.0.1"), link());
  };
  const start = async (data: string) => {
    const session = await bus.start({ env: { CLAUDE_PLUGIN_DATA: `/home/me/.claude/plugins/data/${data}` } });
    await session.stop();
  };

  test("is turned by a server that starts, if it leads nowhere", async () => {
    leadNowhere();
    await start("cc-dm-cc-dm-marketplace");
    expect(readlinkSync(link())).toBe(root);
  });

  test("is left by one that was loaded with --plugin-dir", async () => {
    leadNowhere();
    await start("cc-dm-inline");
    expect(readlinkSync(link())).toBe(bus.path("gone", "0.0.1"));
  });
});

describe("where a newer version is installed", () => {
  function install(version: string): void {
    const folder = join(bus.path("me"), ".claude", "plugins");
    mkdirSync(folder, { recursive: true });
    const plugins = { "cc-dm@cc-dm-marketplace": [{ version, installPath: folder }] };
    writeFileSync(join(folder, "installed_plugins.json"), JSON.stringify({ version: 2, plugins }));
  }

  test("a session says so once, to its model and to its person, and doctor always", async () => {
    install("9.9.9");
    const session = await bus.start({ name: "alice", env: client });
    const { news } = (await session.ok("who")) as { news?: string };
    expect(news).toContain("cc-dm 9.9.9 is installed");
    expect(news).toContain("/exit, then claude --continue");
    expect(await session.ok("who")).not.toHaveProperty("news");
    const prompt = { prompt: "hello", sid: "s-1", transcript: "" };
    const said = JSON.parse(await textOf(session.call("hook_prompt", prompt)));
    expect(said.systemMessage).toContain("cc-dm 9.9.9 is installed");
    for (const _ of ["once", "again"]) {
      const told = (await examined(session)).filter(({ found }) => found.includes("9.9.9 is installed"));
      expect(told).toHaveLength(1);
    }
  });

  test("an older or equal one is no news", async () => {
    install("0.0.9");
    const session = await bus.start({ name: "alice", env: client });
    expect(await session.ok("who")).not.toHaveProperty("news");
  });
});

/** All rows of all tables. */
function contents(path: string): unknown {
  const db = new Database(path, { readonly: true });
  const tables = db
    .query<{ name: string }, []>(
      "select name from sqlite_master where type = 'table' and name not like 'message_text%'",
    )
    .all();
  const rows = tables.map(({ name }) => [name, db.query(`select * from "${name}"`).all()]);
  db.close();
  return rows;
}
