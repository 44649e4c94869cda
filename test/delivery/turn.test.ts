import { beforeEach, describe, expect, test } from "bun:test";
import { contextOf, fate, type Hooked, hooked, records, transcript } from "../fakes/hooked.ts";
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

const say = (content: string, more = {}) => lead.desk.dm("api", { content, ...more });
const stateOf = (messageId: string) => fate(home, lead, messageId);
const prompt = (text = "do it") => client.hook("hook_prompt", { sid: "c-1", prompt: text });
const tool = (name = "Bash", agent = "") => client.hook("hook_tool", { tool: name, agent });
const batch = (agent = "") => client.hook("hook_batch", { agent });
const stop = () => client.hook("hook_stop", { sid: "c-1" });
const failed = () => client.hook("hook_failed", { sid: "c-1" });

describe("between the tools of a turn", () => {
  beforeEach(async () => {
    await prompt();
    await tool();
  });

  test("nothing is added if nothing waits", async () => expect(await batch()).toEqual({}));

  test("what came meanwhile goes into the very next request, and its person sees a line of it", async () => {
    const { message_id } = await say("look at this");
    const answer = await batch();
    expect(answer.hookSpecificOutput).toMatchObject({ hookEventName: "PostToolBatch" });
    expect(contextOf(answer)).toContain("\n\nlook at this");
    expect(answer.systemMessage).toBe("✉ lead: look at this");
    expect(await stateOf(message_id)).toEqual(["handed", "turn", null]);
    expect(await batch()).toEqual({}); // it is on its way
  });

  test("it was seen once the turn goes on: with another tool, its end or its failure", async () => {
    for (const sign of [tool, stop, failed]) {
      await tool();
      const { message_id } = await say("x");
      await batch();
      await home.clock.pass(1000);
      expect((await stateOf(message_id))[0]).toBe("handed");
      await sign();
      expect(await stateOf(message_id)).toEqual(["seen", "turn", "turn"]);
    }
  });

  test("a step of a subagent is none of its session's turn", async () => {
    const { message_id } = await say("x");
    await batch();
    await home.clock.pass(1000);
    await tool("Bash", "a-1");
    await client.hook("hook_agent_stop", { agent: "a-1" });
    expect((await stateOf(message_id))[0]).toBe("handed");
  });

  test("low mail and a muted session's do not come by themselves, but along with what does", async () => {
    const noisy = await seat(home, "noisy", { project: "shop" });
    await home.bus.filter(api.session().mailbox, "mute", "noisy", true);
    await say("low", { priority: "low" });
    await noisy.desk.dm("api", { content: "muted" });
    expect(await batch()).toEqual({});
    expect(await stop()).toEqual({});
    await prompt("what is new?").then((answer) => {
      expect(contextOf(answer)).toContain("\n\nlow\n");
      expect(contextOf(answer)).toContain("\n\nmuted\n");
    });
    await tool();
    await say("low too", { priority: "low" });
    await say("normal");
    const context = contextOf(await batch());
    expect(context).toContain("\n\nlow too\n");
    expect(context).toContain("\n\nnormal\n");
  });

  test("what a subagent's tools end with is no place for mail: it has a conversation of its own", async () => {
    const { message_id } = await say("x");
    expect(await batch("a-1")).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("queued");
    expect(contextOf(await batch(""))).toContain("\n\nx");
  });

  test("a message that is too long for it is left to the wake, and the others behind it too", async () => {
    await say("x".repeat(9_000));
    await say("short");
    expect(await batch()).toEqual({});
    expect(client.tooLong.at(-1)).toBe(true);
    await client.take("wake");
    expect(contextOf(await batch())).toContain("\n\nshort");
    expect(client.tooLong.at(-1)).toBe(false);
  });
});

describe("at the end of a turn", () => {
  beforeEach(async () => {
    await prompt();
  });

  test("what came during the last answer prolongs it", async () => {
    const { message_id } = await say("one more thing");
    const answer = await stop();
    expect(answer.hookSpecificOutput).toMatchObject({ hookEventName: "Stop" });
    expect(contextOf(answer)).toContain("\n\none more thing");
    expect(answer).not.toHaveProperty("systemMessage"); // the client shows the whole text
    expect(client.doing.activity()?.state).toBe("busy");
    await home.clock.pass(1000);
    expect(await stop()).toEqual({});
    expect(await stateOf(message_id)).toEqual(["seen", "turn", "turn"]);
    expect(client.doing.activity()).toEqual({ state: "idle", since: home.clock.now(), on: null });
  });

  test("it is prolonged four times at most, until the person or a wake begins another", async () => {
    for (let n = 0; n < 4; n++) {
      await say(`${n}`);
      expect(contextOf(await stop())).toContain(`\n\n${n}`);
    }
    const { message_id } = await say("the fifth");
    expect(await stop()).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("queued");
    expect(client.doing.activity()?.state).toBe("idle");
    await client
      .take("wake")
      .then(([offer]) => prompt(`<task-notification>\n· ref ${offer?.token}\n</task-notification>`));
    await say("the sixth");
    expect(contextOf(await stop())).toContain("\n\nthe sixth");
  });

  test("an API error brings nothing: no request would follow", async () => {
    const { message_id } = await say("x");
    expect(await failed()).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("queued");
    expect(client.doing.activity()?.state).toBe("idle");
  });
});

describe("a prompt that Escape takes back before the model's first word", () => {
  // No hook tells of it, and the client's next request does not carry what was beside it.
  const breakOff = async () => {
    await home.clock.pass(60_000);
    client.noted({ status: "idle", at: home.clock.now(), waitingFor: null });
  };

  for (const told of [true, false]) {
    test(`loses no mail: the next prompt brings it again, as a repeat (client's note: ${told})`, async () => {
      const { message_id } = await say("x");
      expect(contextOf(await prompt())).not.toContain("repeat");
      await home.clock.pass(1000);
      if (told) await breakOff();
      const again = contextOf(await prompt("or rather that"));
      expect(again).toContain("repeat: may have been shown before");
      expect(again).toContain("\n\nx");
      await home.clock.pass(1000);
      await tool();
      expect(await stateOf(message_id)).toEqual(["seen", "turn", "turn"]);
    });
  }

  for (const [what, text] of [
    ["a wake", (token: string) => `<task-notification>\n· ref ${token}\n</task-notification>`],
    ["a background task", () => "<task-notification>\ndone\n</task-notification>"],
  ] as const) {
    test(`is not taken for read because ${what} begins the next turn`, async () => {
      const { message_id } = await say("first");
      await prompt();
      await breakOff();
      await say("second");
      const [offer] = await client.take("wake");
      await prompt(text(offer?.token ?? ""));
      await home.clock.pass(1000);
      await tool();
      expect((await stateOf(message_id))[0]).toBe("queued");
      expect(contextOf(await batch())).toContain("\n\nfirst");
    });
  }

  test("brings nothing again that the transcript shows as answered meanwhile", async () => {
    const { message_id } = await say("x");
    const file = transcript();
    const context = contextOf(await client.hook("hook_prompt", { prompt: "do it", transcript: file.path }));
    file.add(records.context(/ref ([0-9a-z]{12})/.exec(context)?.[1] ?? ""));
    file.add(records.answer());
    await breakOff();
    expect(await prompt("go on")).toEqual({});
    expect(await stateOf(message_id)).toEqual(["seen", "turn", "transcript"]);
  });
});

describe("a prompt that is typed while a turn runs", () => {
  test("gets no mail: it may be taken back, and the turn brings what waits", async () => {
    await prompt();
    await tool();
    const { message_id } = await say("x");
    expect(await prompt("and this")).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("queued");
    expect(contextOf(await batch())).toContain("\n\nx");
  });

  test("takes nothing back that the turn was given", async () => {
    const { message_id } = await say("x");
    await prompt();
    await home.clock.pass(1000);
    await tool();
    await say("y");
    await batch();
    await home.clock.pass(1000);
    await prompt("and this");
    expect((await stateOf(message_id))[0]).toBe("seen");
    expect(await home.bus.unread(api.session())).toBe(0);
  });

  test("is the person's word all the same: what is written now is no mere answer", async () => {
    await prompt();
    await tool("mcp__plugin_cc-dm_cc-dm__dm");
    await home.clock.pass(1000);
    await prompt("and this");
    expect(client.doing.progressAt()).toBe(home.clock.now());
  });

  test("is none that waits, if the client notes that it is idle by now", async () => {
    await prompt();
    await tool();
    await home.clock.pass(1000);
    client.noted({ status: "idle", at: home.clock.now(), waitingFor: null });
    await say("x");
    expect(contextOf(await prompt("next"))).toContain("\n\nx");
  });
});

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

  test("a dialog of which nothing is said is a question", async () => {
    await client.hook("hook_dialog", {});
    expect(doing()).toMatchObject({ state: "blocked", on: "a question" });
  });

  test("an answered question of a server lets it go on", async () => {
    await prompt();
    await client.hook("hook_dialog", { about: "a server's question", agent: "" });
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
