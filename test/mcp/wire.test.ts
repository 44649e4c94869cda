/** What a careless or hostile client may write on the wire itself. */
import { describe, expect, test } from "bun:test";
import { isAlive, until } from "../support/processes.ts";
import { type Start, testBus } from "../support/testbus.ts";

const bus = testBus();

const hello = {
  jsonrpc: "2.0",
  id: "hello",
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};

const dmOf = (length: number) => ({
  ...{ jsonrpc: "2.0", id: "dm", method: "tools/call" },
  params: { name: "dm", arguments: { to: "bob", content: "x".repeat(length) } },
});

/** A server without the SDK's client before it: bytes in, lines out. */
function raw(start: Start) {
  const server = bus.spawn(start);
  return {
    ...server,
    ask: (request: object) => server.write(`${JSON.stringify(request)}\n`),
    /** The answer to the request of this id. */
    async answer(id: string): Promise<Record<string, unknown>> {
      const line = await server.lines.next((one) => (JSON.parse(one) as { id?: unknown }).id === id);
      return JSON.parse(line) as Record<string, unknown>;
    },
  };
}

describe("a client", () => {
  test("may ask something unknown before `initialize`, and is answered", async () => {
    const server = raw({ name: "alice" });
    server.ask({ jsonrpc: "2.0", id: "probe", method: "server/discover", params: { _meta: {} } });
    expect(await server.answer("probe")).toMatchObject({ error: { code: -32601 } });
    server.ask(hello);
    expect(await server.answer("hello")).toMatchObject({ result: { serverInfo: { name: "cc-dm" } } });
    await server.end();
  });

  test("may write what is not JSON or not JSON-RPC, and the server goes on", async () => {
    const server = raw({ name: "alice" });
    server.ask(hello);
    await server.answer("hello");
    for (const junk of ["nonsense\n", "{\n", "[]\n", "null\n", "\n", "\u0000\u0001\n", '{"jsonrpc":"1.0"}\n'])
      server.write(junk);
    server.ask({
      jsonrpc: "2.0",
      id: "list",
      method: "tools/call",
      params: { name: "who", arguments: [] },
    });
    expect(await server.answer("list")).toHaveProperty("error");
    server.ask({ jsonrpc: "2.0", id: "who", method: "tools/call", params: { name: "who" } });
    expect(await server.answer("who")).toMatchObject({
      result: { structuredContent: { you: { name: "alice" } } },
    });
    await server.end();
  });

  test("gets no event before it has said `initialized`, and loses none by that", async () => {
    const server = raw({ name: "bob", channel: true });
    server.ask(hello);
    await server.answer("hello");
    const a = await bus.start({ name: "alice" });
    await a.ok("dm", { to: "bob", content: "early" });
    server.ask({ jsonrpc: "2.0", id: "who", method: "tools/call", params: { name: "who" } });
    expect(await server.answer("who")).toMatchObject({
      result: { structuredContent: { unread: "1 unread; call inbox" } },
    });
    await server.end();
    const b = await bus.start({ name: "bob", channel: true });
    const { content } = await b.events.next();
    expect(content).toEndWith("\n\nearly");
    expect(content).not.toContain("repeat");
  });

  // Its cancelling and our answer cross: it drops the answer, and goes on as if it had read it.
  for (const [name, asks] of [
    ["inbox", true],
    ["hook_batch", false],
  ] as const)
    test(`that cancels ${name} when it is answered already gets its mail all the same`, async () => {
      const server = raw({ name: "bob" });
      const use = (id: string, tool: string, args = {}) =>
        server.ask({ jsonrpc: "2.0", id, method: "tools/call", params: { name: tool, arguments: args } });
      server.ask(hello);
      await server.answer("hello");
      server.ask({ jsonrpc: "2.0", method: "notifications/initialized" });
      const a = await bus.start({ name: "alice" });
      await a.ok("dm", { to: "bob", content: "precious" });
      use("one", name);
      expect(JSON.stringify(await server.answer("one"))).toContain("precious");
      const question = asks ? await server.lines.next((line) => line.includes('"ping"')) : null;
      server.ask({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "one" } });
      if (question !== null) server.ask({ jsonrpc: "2.0", id: JSON.parse(question).id, result: {} });
      use("two", "hook_tool", { tool: "Bash" });
      await server.answer("two");
      const delivery = bus.open().query<{ state: string }, []>("select state from delivery");
      await until("it waits again or counts as seen", () => delivery.get()?.state !== "handed");
      use("three", "inbox");
      expect(await server.answer("three")).toMatchObject({
        result: { structuredContent: { messages: [{ from: "alice", repeat: true }] } },
      });
      await server.end();
    });

  test("that writes more than a message may hold is told so", async () => {
    const server = raw({ name: "alice" });
    server.ask(hello);
    await server.answer("hello");
    server.ask(dmOf(12_000_000));
    expect(JSON.stringify(await server.answer("dm"))).toContain("unknown_recipient");
    await server.end();
  });

  test("that writes more than the server can take in is left, and no orphan stays behind", async () => {
    const server = raw({ name: "alice" });
    server.ask(hello);
    await server.answer("hello");
    server.ask(dmOf(70_000_000));
    const answered = server.answer("dm").then(
      () => "answered",
      () => "silent",
    );
    const left = server.exited.then(() => "left");
    expect(await Promise.race([answered, left])).not.toBe("silent");
    const ended = server.end();
    await until("the server leaves", () => !isAlive(server.pid), 2_000);
    await ended;
  });
});
