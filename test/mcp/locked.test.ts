/** The bus locked by another program: calls wait, nothing fails, and the server stays awake. */
import { describe, expect, test } from "bun:test";
import { isAlive, until } from "../support/processes.ts";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

async function lock(mode: "immediate" | "exclusive", ms: number) {
  const holder = bus.beside("lock.ts", bus.file, mode, String(ms));
  await holder.lines.next((line) => line === "locked");
  return holder;
}

describe("while another program has the database locked", () => {
  test("calls succeed once it is free, in order, and the server answers meanwhile", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    await a.ok("dm", { to: "bob", content: "before" });
    await b.events.next();
    const from = performance.now(); // before it locks: when we hear of it is another matter
    const holder = await lock("exclusive", 3_000);

    const calls = Promise.all(["1", "2", "3"].map((content) => a.ok("dm", { to: "bob", content })));
    const change = b.ok("register", { name: "bob", role: "tests" });
    let returned = false;
    void calls.finally(() => {
      returned = true;
    });
    const pings: number[] = [];
    while (!returned) pings.push(await a.ping(), await b.ping());
    await Promise.all([calls, change]);
    expect(performance.now() - from).toBeGreaterThan(2_900); // else nothing was locked
    expect(Math.max(...pings)).toBeLessThan(1_000);
    await holder.lines.next((line) => line === "free");

    await b.events.next((event) => event.content.endsWith("\n\n3"));
    expect(b.events.all.map((event) => event.content.split("\n\n")[1])).toEqual(["before", "1", "2", "3"]);
    expect((await a.ok("who")).sessions.map(({ role }) => role).sort()).toEqual(["tests", "worker"]);
  });

  test("an inbox that is cancelled meanwhile takes no mail with it", async () => {
    const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
    await a.ok("dm", { to: "bob", content: "precious" });
    const holder = await lock("immediate", 500);
    const cancel = new AbortController();
    const call = b.client.callTool({ name: "inbox", arguments: {} }, undefined, { signal: cancel.signal });
    await b.ping(); // the call was read
    cancel.abort();
    await expect(call).rejects.toThrow();
    await holder.lines.next((line) => line === "free");
    const delivery = bus.open().query<{ offers: number; state: string }, []>("select * from delivery");
    await until("it was taken, and waits again or counts as seen", () => {
      const row = delivery.get();
      return row?.offers === 1 && row.state !== "handed";
    });
    expect((await b.ok("inbox")).messages.map(({ content }) => content.split("\n\n")[1])).toEqual([
      "precious",
    ]);
  });

  test("a hook that is cancelled takes none either, whatever the turn does next", async () => {
    const [a, b] = [await bus.start({ name: "alice" }), await bus.start({ name: "bob" })];
    await a.ok("dm", { to: "bob", content: "precious" });
    const cancel = new AbortController();
    const call = b.client.callTool({ name: "hook_batch" }, undefined, { signal: cancel.signal });
    cancel.abort();
    await expect(call).rejects.toThrow();
    const delivery = bus.open().query<{ offers: number; state: string }, []>("select * from delivery");
    await until("it was taken", () => delivery.get()?.offers === 1);
    await b.call("hook_tool", { tool: "Bash" });
    await until("it waits again or counts as seen", () => delivery.get()?.state !== "handed");
    expect((await b.ok("inbox")).messages).toHaveLength(1);
  });

  test("who, history and peeking go on, and a prompt is not held up", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob" });
    await a.ok("dm", { to: "bob", content: "waits" });
    await lock("immediate", 30_000);
    const from = performance.now();
    expect((await b.ok("who")).sessions).toHaveLength(2);
    expect((await b.ok("inbox", { peek: true })).messages).toHaveLength(1);
    expect((await a.ok("history")).messages).toHaveLength(1);
    expect((await b.call("hook_prompt", { prompt: "hello" })).content).toEqual([
      { type: "text", text: "{}" },
    ]);
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  test("a session that starts comes up, and one whose client leaves goes", async () => {
    const a = await bus.start({ name: "alice" });
    const holder = await lock("immediate", 1_500);
    const starting = bus.start({ name: "bob" });
    await a.stop(); // complains if that takes too long
    expect(holder.lines.all).toEqual(["locked"]);
    const b = await starting;
    expect((await b.ok("who")).sessions.map(({ name }) => name)).toEqual(["bob"]);
  });

  test("a client that gives up on a server that is still starting leaves no orphan", async () => {
    const a = await bus.start({ name: "alice" });
    await lock("immediate", 30_000);
    const server = bus.spawn({ name: "bob" });
    await until("it has begun", () => isAlive(server.pid));
    await a.ping();
    const ended = server.end();
    await until("it has gone", () => !isAlive(server.pid), 2_000);
    await ended;
  });
});

describe("while another program has the database locked for longer than a call waits", () => {
  test("the call fails with a code that says so, and nothing was written", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const holder = await lock("immediate", 120_000);
    const fault = await a.refused("dm", { to: "bob", content: "lost in time" });
    expect(fault.code).toBe("bus_busy");
    expect(fault.message).toContain("Nothing was written");
    holder.kill();
    await a.ok("dm", { to: "bob", content: "after" });
    expect((await b.events.next()).content).toEndWith("\n\nafter");
  }, 90_000); // what it waits is counted, and a slow machine counts slowly
});
