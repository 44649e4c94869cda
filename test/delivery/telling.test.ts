import { beforeEach, describe, expect, test } from "bun:test";
import { contextOf, type Hooked, hooked } from "../fakes/hooked.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { place, send } from "../fakes/people.ts";

let home: House;
let lead: Seat;
let api: Seat;
let client: Hooked;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead", { project: "shop" });
  api = await seat(home, "api", { project: "shop", clientSession: "c-1" });
  client = hooked(home, api);
});

const prompt = (text = "do it") => client.hook("hook_prompt", { sid: "c-1", prompt: text });
const tool = (name = "Bash", agent = "") => client.hook("hook_tool", { tool: name, agent });
const batch = (agent = "") => client.hook("hook_batch", { agent });
const stop = () => client.hook("hook_stop", { sid: "c-1" });

describe("what brings something forward", () => {
  const ours = (name: string) => `mcp__plugin_cc-dm_cc-dm__${name}`;

  test("is a tool, also a subagent's, but none of ours and no search for one", async () => {
    expect(client.doing.progressAt()).toBeNull(); // its hooks may not tell of tools
    for (const name of [ours("dm"), ours("reply"), ours("who"), "ToolSearch"]) await tool(name);
    expect(client.doing.progressAt()).toBe(0);
    await tool("Read");
    expect(client.doing.progressAt()).toBe(home.clock.now());
    await home.clock.pass(1000);
    await tool("Bash", "a-1");
    expect(client.doing.progressAt()).toBe(home.clock.now());
  });

  test("is the person's word, so that the answer to what came along with it is no chain", async () => {
    await home.bus.sight({ client: api.session().client, sessionId: null, transcript: null }, place);
    const row = await home.bus.session(api.keys.id);
    if (row !== null) api.desk.become(row);
    const { keys, session } = lead;
    await send(home.bus, { keys, session: session() }, [api.session()], {
      hops: 20,
      sentAt: home.clock.now(),
    });
    expect(contextOf(await prompt("answer lead"))).toContain("answer 20 in a row");
    await home.clock.pass(5000);
    await tool(ours("dm"));
    api.progress(client.doing.progressAt());
    await api.desk.dm("lead", { content: "x" });
    expect((await home.bus.peek(lead.session(), 1))[0]?.message.hops).toBe(0);
  });

  test("is a prompt of the person, but no wake", async () => {
    await prompt("<task-notification>\n· ref 000000000000\n</task-notification>");
    expect(client.doing.progressAt()).toBeNull();
    await prompt("do it");
    expect(client.doing.progressAt()).toBe(home.clock.now());
  });
});

describe("the hooks tell what the client is doing", () => {
  const doing = () => client.doing.activity();

  test("busy with a prompt, a tool, between tools; blocked on a dialog; idle", async () => {
    expect(doing()).toBeNull();
    const since = home.clock.now();
    await prompt();
    expect(doing()).toEqual({ state: "busy", since, on: null });
    await home.clock.pass(1000);
    await tool("Bash");
    expect(doing()).toEqual({ state: "busy", since, on: "Bash" });
    await home.clock.pass(1000);
    await client.hook("hook_dialog", { about: "Bash", agent: "" });
    expect(doing()).toEqual({ state: "blocked", since: since + 2000, on: "Bash" });
    await batch();
    expect(doing()).toEqual({ state: "busy", since, on: null });
    await stop();
    expect(doing()).toEqual({ state: "idle", since: home.clock.now(), on: null });
  });

  test("a dialog of which nothing is said is about a tool, and a server's is a question", async () => {
    await client.hook("hook_dialog", {});
    expect(doing()).toMatchObject({ state: "blocked", on: "a tool" });
    await client.hook("hook_elicitation", { agent: "" });
    expect(doing()).toMatchObject({ state: "blocked", on: "a question" });
  });

  test("an answered question of a server lets it go on", async () => {
    await prompt();
    await client.hook("hook_elicitation", { agent: "" });
    expect(await client.hook("hook_answered", { agent: "" })).toEqual({});
    expect(doing()?.state).toBe("busy");
  });

  test("a subagent's dialog outlives the end of its session's turn, not the subagent", async () => {
    await prompt();
    await client.hook("hook_dialog", { about: "Write", agent: "a-1" });
    await stop();
    expect(doing()).toMatchObject({ state: "blocked", on: "Write" });
    await client.hook("hook_agent_stop", { agent: "a-2" });
    expect(doing()).toMatchObject({ state: "blocked", on: "Write" });
    await client.hook("hook_agent_stop", { agent: "a-1" });
    expect(doing()?.state).toBe("idle");
  });

  test("the end of what has no agent's name, as after a compaction, is not the end of the turn", async () => {
    await prompt();
    expect(await client.hook("hook_agent_stop", { agent: "" })).toEqual({});
    expect(doing()?.state).toBe("busy");
  });

  test("all of them answer {} where there is nothing to say: an empty answer would show as noise", async () => {
    for (const name of [
      "hook_dialog",
      "hook_answered",
      "hook_agent_stop",
      "hook_stop",
      "hook_failed",
      "hook_batch",
    ])
      expect(await client.hook(name, {})).toEqual({});
  });
});
