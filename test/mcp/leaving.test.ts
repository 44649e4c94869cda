/** The client goes, in whatever way: the server goes too, within two seconds, and off the roster. */
import { describe, expect, test } from "bun:test";
import { isAlive, kill, until } from "../support/processes.ts";
import { serverCommand } from "../support/session.ts";
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
});

describe("what nobody reads any more ends its server in order", () => {
  /** A server whose output is closed after its first line; its input stays open. */
  async function unheard() {
    const script = [
      "mkfifo out && exec 3<&0",
      '"$@" <&3 3<&- > out &',
      "head -n 1 < out; echo closed; wait $!; echo left with $?",
    ].join("\n");
    const server = bus.spawn({ name: "bob", channel: true, through: ["sh", "-c", script, "sh"] });
    const write = (message: object) => server.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const clientInfo = { name: "raw", version: "1" };
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
    write({ id: 1, method: "initialize", params });
    expect(await server.lines.next()).toContain("protocolVersion");
    expect(await server.lines.next()).toBe("closed");
    expect(rowOf("bob")?.closed_at).toBeNull();
    return { write, server };
  }

  // What is above the buffer of its stdout (8 kB) fails elsewhere than what is below.
  test.each(["ping", "tools/list"])("an answer to %s", async (method) => {
    const { server, write } = await unheard();
    write({ id: 2, method });
    expect(await server.lines.next()).toBe("left with 0");
    expect(rowOf("bob")?.closed_at).toBeNumber();
  });

  test("mail, which waits for whoever comes next", async () => {
    const a = await bus.start({ name: "alice" });
    const { server, write } = await unheard();
    write({ method: "notifications/initialized" });
    const { message_id: id } = await a.ok("dm", { to: "bob", content: "are you there?" });
    expect(await server.lines.next()).toBe("left with 0");
    expect(rowOf("bob")?.closed_at).toBeNumber();
    const again = await bus.start({ name: "bob" });
    const { messages } = await again.ok("inbox");
    expect(messages).toMatchObject([{ message_id: id, repeat: true }]);
  });
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
