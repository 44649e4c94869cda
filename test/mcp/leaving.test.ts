/** The client goes, in whatever way: the server goes too, within two seconds, and off the roster. */
import { describe, expect, test } from "bun:test";
import { isAlive, kill, until } from "../support/processes.ts";
import { cleanEnv, serverCommand } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

interface Row {
  readonly closed_at: number | null;
  readonly bell: string;
}

/** Its row on the roster, read past every server: who only looks at processes would miss one left open. */
function rowOf(name: string): Row | null {
  return bus.open().query<Row, [string]>("select closed_at, bell from session where name = ?").get(name);
}

const names = async (session: { ok: Awaited<ReturnType<typeof bus.start>>["ok"] }) =>
  (await session.ok("who")).sessions.map(({ name }) => name);

describe("a server leaves within two seconds and closes its session", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`on ${signal}`, async () => {
      const [a, b] = await bus.startAll("alice", "bob");
      b.kill(signal);
      await until("it has gone", () => !isAlive(b.pid), 2_000);
      const row = rowOf("bob");
      expect(row?.closed_at).toBeNumber();
      expect(await Bun.file(row?.bell ?? "").exists()).toBe(false);
      expect(await names(a)).toEqual(["alice"]);
    });
  }

  test("on SIGINT and SIGTERM 100 ms apart, as the client sends them", async () => {
    const a = await bus.start({ name: "alice" });
    a.kill("SIGINT");
    await Bun.sleep(100);
    a.kill("SIGTERM");
    await until("it has gone", () => !isAlive(a.pid), 2_000);
    expect(rowOf("alice")?.closed_at).toBeNumber();
  });

  test("at the end of its stdin", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await b.stop(); // complains if that takes two seconds
    expect(rowOf("bob")?.closed_at).toBeNumber();
    expect(await names(a)).toEqual(["alice"]);
  });

  test("when its client is killed without a word", async () => {
    const a = await bus.start({ name: "alice" });
    const client = bus.beside("client.ts", ...serverCommand());
    const pid = Number(await client.lines.next());
    expect(await names(a)).toHaveLength(2);
    kill(client.pid, "SIGKILL");
    await until("it has gone", () => !isAlive(pid), 2_000);
    expect(await names(a)).toEqual(["alice"]);
    const open = bus
      .open()
      .query<{ n: number }, []>("select count(*) as n from session where closed_at is null");
    expect(open.get()?.n).toBe(1);
  });

  test("when its client is killed while a call is under way", async () => {
    const a = await bus.start({ name: "alice" });
    const server = bus.spawn({ name: "bob" });
    const initialize = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "raw", version: "1" },
    };
    const write = (message: object) => server.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    write({ id: 1, method: "initialize", params: initialize });
    await server.lines.next();
    const params = { name: "dm", arguments: { to: "alice", content: "last words" } };
    for (let id = 2; id < 50; id++) write({ id, method: "tools/call", params });
    const ended = server.end();
    await until("it has gone", () => !isAlive(server.pid), 2_000);
    await ended;
    expect(rowOf("bob")?.closed_at).toBeNumber();
    const answered = server.lines.all.filter((line) => line.includes("recipients")).length;
    const { messages } = await a.ok("inbox", { limit: 100 });
    expect(messages.length).toBeGreaterThanOrEqual(answered);
  });

  test("when nobody reads what it writes any more", async () => {
    const a = await bus.start({ name: "alice" });
    const reader = ["sh", "-c", 'mkfifo out; "$@" > out & exec head -n 1 < out', "sh"];
    const server = bus.spawn({ name: "bob", channel: true, through: reader });
    const initialize = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "raw", version: "1" },
    };
    const write = (message: object) => server.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    write({ id: 1, method: "initialize", params: initialize });
    await server.exited; // head has read one line and gone
    expect((await names(a)).length).toBeGreaterThan(0);
    await server.end();
    await until("it is off the roster", async () => (await names(a)).length === 1, 2_000);
  });
});

/** What it writes above the buffer of its stdout (8 kB) fails elsewhere than what it writes below. */
test.each(["ping", "tools/list"])("a %s that nobody hears the answer of ends it in order", async (method) => {
  const child = Bun.spawn([...serverCommand()], {
    env: cleanEnv(bus.folder, { CC_DM_HOME: bus.home, CC_DM_SESSION_NAME: "bob" }),
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const write = (message: object) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    return child.stdin.flush();
  };
  const clientInfo = { name: "raw", version: "1" };
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
  await write({ id: 1, method: "initialize", params });
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  await write({ id: 2, method });
  expect(await child.exited).toBe(0);
  expect(rowOf("bob")?.closed_at).toBeNumber();
});

describe("a server that is killed", () => {
  test("is off the roster for whoever looks next", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    b.kill("SIGKILL");
    await b.gone;
    expect(await names(a)).toEqual(["alice"]);
    expect((await a.ok("dm", { to: "bob", content: "x" })).recipients).toEqual([
      { name: "bob", presence: "closed" },
    ]);
    expect(rowOf("bob")?.closed_at).toBeNumber();
  });
});
