/** Names at start and later: whose they are, when they are free, and what survives a restart. */
import { describe, expect, test } from "bun:test";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const content = "hello";
const client = (id: string) => ({ CLAUDE_CODE_SESSION_ID: id, CLAUDECODE: "1" });

describe("a taken name", () => {
  test("becomes a variant at start, and that is said plainly", async () => {
    const starts = [1, 2, 3].map((n) => ({ name: "backend", folder: `f${n}` }));
    const names = [];
    for (const start of starts) {
      const { client, ok } = await bus.start(start);
      const { name } = (await ok("who")).you;
      names.push(name);
      const said = client.getInstructions() ?? "";
      expect(said).toStartWith(`You are "${name}" on cc-dm`);
      const plainly = `The name "backend" is held by another live session, so this one became "${name}". Tell the user`;
      expect(said.includes(plainly)).toBe(name !== "backend");
    }
    expect(names).toEqual(["backend", "backend-2", "backend-3"]);
  });

  test("becomes a variant of at most 64 characters", async () => {
    const name = "n".repeat(64);
    await bus.start({ name, folder: "one" });
    const { ok } = await bus.start({ name, folder: "two" });
    expect((await ok("who")).you.name).toBe(`${"n".repeat(62)}-2`);
  });

  test("is an error for register that names the holder, and nothing is changed", async () => {
    const a = await bus.start({ name: "alice", project: "shop" });
    const b = await bus.start({ name: "bob", role: "tests" });
    const fault = await b.refused("register", { name: "ALICE", role: "boss", project: "x" });
    expect(fault.code).toBe("name_taken");
    expect(fault.message).toContain(
      `"alice" is held by a live session (pid ${a.pid}, project "shop", in ${bus.path("alice")})`,
    );
    expect(fault.you).toEqual({ name: "bob", role: "tests", project: null });
  });

  test("is free again the moment its holder is killed, stopped, or takes another name", async () => {
    const b = await bus.start({ name: "bob" });
    for (const [n, end] of (["kill", "stop", "rename"] as const).entries()) {
      const name = `alice-${n}`;
      const a = await bus.start({ name, folder: `alice-${n}` });
      expect((await b.refused("register", { name })).code).toBe("name_taken");
      if (end === "kill") a.kill("SIGKILL");
      if (end === "stop") await a.stop();
      if (end === "rename") await a.ok("register", { name: "ada" });
      if (end === "kill") await a.gone;
      expect((await b.ok("register", { name })).you.name).toBe(name);
    }
  });

  test("of a killed holder goes to the next start, with its role and project left to itself", async () => {
    const a = await bus.start({ name: "alice", role: "planner", project: "shop" });
    a.kill("SIGKILL");
    await a.gone;
    const { ok } = await bus.start({ name: "alice" });
    expect((await ok("who")).you).toEqual({ name: "alice", role: "worker", project: null });
    expect((await ok("who")).sessions).toHaveLength(1);
  });
});

describe("register", () => {
  test("keeps what is left out, and an empty project clears it", async () => {
    const { ok } = await bus.start({ name: "alice", role: "planner", project: "shop" });
    expect((await ok("register", { name: "ada" })).you).toEqual({
      name: "ada",
      role: "planner",
      project: "shop",
    });
    expect((await ok("register", { name: "ada", role: "tests" })).you).toEqual({
      name: "ada",
      role: "tests",
      project: "shop",
    });
    expect((await ok("register", { name: "ada", project: "" })).you).toEqual({
      name: "ada",
      role: "tests",
      project: null,
    });
    expect((await ok("register", { name: "ada", project: "x" })).you).toEqual({
      name: "ada",
      role: "tests",
      project: "x",
    });
  });

  test("gives the same identity as often as one likes", async () => {
    const { ok } = await bus.start({ name: "alice" });
    for (let n = 0; n < 3; n++)
      expect((await ok("register", { name: "alice", role: "x" })).you.name).toBe("alice");
  });

  test("takes the session's mail along, waiting and read, and what is blocked", async () => {
    const a = await bus.start({ name: "alice" });
    const b = await bus.start({ name: "bob", folder: "work" });
    await a.ok("dm", { to: "bob", content: "read before" });
    await b.ok("inbox");
    await a.ok("dm", { to: "bob", content: "waits" });
    await b.ok("block", { name: "eve" });
    await b.ok("register", { name: "bea", project: "shop" });
    expect((await b.ok("inbox")).messages.map((one) => one.content)).toEqual([
      expect.stringMatching(/waits$/),
    ]);
    expect((await b.ok("history")).messages).toHaveLength(2);
    expect(await b.ok("mute", { name: "x" })).toMatchObject({ blocked: ["eve"] });
    expect((await a.refused("dm", { to: "bob", content })).code).toBe("unknown_recipient");
    expect((await a.ok("dm", { to: "bea", content })).recipients).toHaveLength(1);
  });

  test("loses nothing of what is being written to it at that moment", async () => {
    const [a, b] = await bus.startAll("alice", "bob");
    const id = (await b.ok("who")).sessions.find((session) => session.you)?.id;
    // Mailboxes of earlier sessions of bob's folder: taking such a name merges two mailboxes.
    const insert = bus.open().query("insert into mailbox (name, folder) values (?, ?)");
    const earlier = Array.from({ length: 60 }, (_, n) => `earlier-${n}`);
    for (const name of earlier) insert.run(name, bus.path("bob"));
    const rename = async () => {
      for (const name of earlier) await b.ok("register", { name });
    };
    const renamed = rename();
    const sent: string[] = [];
    const send = async (text: string) => {
      const { isError, structuredContent } = await a.call("dm", { to: id, content: text });
      if (isError === undefined) sent.push(text);
      else expect(structuredContent).toMatchObject({ error: { code: "mailbox_gone" } }); // and was told so
    };
    for (let n = 0; n < 200; n += 5) {
      await Promise.all([0, 1, 2, 3, 4].map((more) => send(`number ${n + more}`)));
    }
    await renamed;
    await send("last");
    await b.events.next((event) => event.content.endsWith("\n\nlast"));
    expect(sent.length).toBeGreaterThan(100);
    expect(b.events.all.map((event) => event.content.split("\n\n")[1])).toEqual(sent);
    expect((await b.ok("who")).warnings).toBeUndefined();
  });

  test("back to a name one had oneself brings both mailboxes together", async () => {
    const a = await bus.start({ name: "alice" });
    const first = await bus.start({ name: "bob" });
    await first.stop();
    await a.ok("dm", { to: "bob", content: "to the closed one" });
    const b = await bus.start({ name: "bea", folder: "bob" });
    await a.ok("dm", { to: "bea", content: "to the open one" });
    await b.ok("register", { name: "bob" });
    const texts = (await b.ok("inbox")).messages.map((one) => one.content.split("\n\n")[1]);
    expect(texts).toEqual(["to the closed one", "to the open one"]);
  });
});

describe("the same session of the client", () => {
  test("has its name, role and project again after a restart", async () => {
    const first = await bus.start({ folder: "work", env: client("one") });
    await first.ok("register", { name: "ada", role: "planner", project: "shop" });
    await first.stop();
    const other = await bus.start({ folder: "work", env: client("two") });
    expect((await other.ok("who")).you.name).toBe("work");
    const again = await bus.start({ folder: "elsewhere", env: client("one") });
    expect((await again.ok("who")).you).toEqual({ name: "ada", role: "planner", project: "shop" });
  });

  test("has its mail again too, also from another folder", async () => {
    const a = await bus.start({ name: "alice" });
    const first = await bus.start({ folder: "work", env: client("one") });
    await first.ok("register", { name: "ada" });
    first.kill("SIGKILL");
    await first.gone;
    await a.ok("dm", { to: "ada", content: "waits" });
    const again = await bus.start({ folder: "elsewhere", env: client("one") });
    expect((await again.ok("inbox")).messages).toHaveLength(1);
  });

  test("has the name it was given now, if it was given one", async () => {
    const first = await bus.start({ folder: "work", env: client("one") });
    await first.ok("register", { name: "ada" });
    await first.stop();
    const again = await bus.start({ name: "bob", env: client("one") });
    expect((await again.ok("who")).you.name).toBe("bob");
  });

  test("running twice at once is two sessions with two names", async () => {
    const first = await bus.start({ folder: "work", env: client("one") });
    await first.ok("register", { name: "ada" });
    const twin = await bus.start({ folder: "work", env: client("one") });
    expect((await twin.ok("who")).you.name).toBe("work");
    expect((await first.ok("who")).you.name).toBe("ada");
  });
});

describe("a headless run", () => {
  const headless = { CLAUDE_CODE_ENTRYPOINT: "sdk-cli", CLAUDECODE: "1" };

  test("is unlisted and gets no broadcast unless it was given a name", async () => {
    const a = await bus.start({ name: "alice" });
    const run = await bus.start({ folder: "run", env: headless });
    expect((await a.ok("who")).sessions.map(({ name }) => name)).toEqual(["alice"]);
    expect((await a.refused("broadcast", { content })).code).toBe("no_recipients");
    expect((await run.ok("who")).sessions.map(({ name }) => name)).toEqual(["alice", "run"]);
    expect((await run.ok("broadcast", { content })).recipients).toHaveLength(1);

    await bus.start({ name: "ci", env: headless });
    expect((await a.ok("who")).sessions.map(({ name }) => name)).toEqual(["alice", "ci"]);
    expect((await a.ok("broadcast", { content })).recipients).toEqual([{ name: "ci", presence: "live" }]);
    expect((await run.ok("inbox")).messages).toEqual([]);
  });

  test("is no candidate for a mistyped address, but can be answered", async () => {
    const a = await bus.start({ name: "alice", channel: true });
    const run = await bus.start({ folder: "run", env: { ...headless, CC_DM_CHANNEL: "on" } });
    expect((await a.refused("dm", { to: "rum", content })).candidates).toEqual([]);
    const { message_id } = await run.ok("dm", { to: "alice", content: "?" });
    await a.ok("reply", { message_id, content: "!" });
    expect((await run.ok("inbox")).messages.length + run.events.all.length).toBeGreaterThan(0);
  });

  test("is listed once it takes a name", async () => {
    const a = await bus.start({ name: "alice" });
    const run = await bus.start({ folder: "run", env: headless });
    await run.ok("register", { name: "nightly" });
    expect((await a.ok("broadcast", { content })).recipients).toEqual([
      { name: "nightly", presence: "live" },
    ]);
  });
});
