import { Database } from "bun:sqlite";
import { beforeEach, describe, expect, test } from "bun:test";
import type { Bus } from "../../plugin/bus/bus.ts";
import { hooks } from "../../plugin/delivery/paths/hooks.ts";
import type { Relay } from "../../plugin/delivery/relay/relay.ts";
import { contextOf, fate, type Hooked, hooked, records, transcript } from "../fakes/hooked.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { joining } from "../fakes/people.ts";

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

/** Somebody deletes a session's row; it joins again at its next poll. */
function loseLead(): void {
  const db = new Database(home.path);
  db.query("delete from session where id = ?").run(lead.session().id);
  db.close();
}

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

  test("who came cannot be told, by a bus that is locked in between: the mail is there all the same", async () => {
    client = hooked(home, api, { ...home.bus, movements: () => Promise.reject(new Error("locked")) });
    await prompt();
    await tool();
    await say("look at this");
    expect(contextOf(await batch())).toContain("\n\nlook at this");
  });

  test("what was taken and could not be looked at is not taken for read by the next step", async () => {
    const { message_id } = await say("precious");
    let locked = true;
    const session: Bus["session"] = (id) =>
      locked ? Promise.reject(new Error("locked")) : home.bus.session(id);
    client = hooked(home, api, { ...home.bus, session });
    await prompt().catch(() => {});
    locked = false;
    await home.clock.pass(1000);
    await tool();
    expect((await stateOf(message_id))[0]).toBe("queued");
    expect(contextOf(await batch())).toContain("precious");
  });

  test("who could answer a prompt cannot be told: nothing was taken for it", async () => {
    await stop();
    const { message_id } = await say("precious");
    const relay = { outlook: () => Promise.reject(new Error("locked")) } as unknown as Relay;
    const args = { sid: "c-1", prompt: "do it" };
    const answer = hooks.hook_prompt?.({ ...client.parts, relay }, args, new AbortController().signal);
    await expect(answer).rejects.toThrow("locked");
    await home.clock.pass(1000);
    await tool();
    expect((await stateOf(message_id))[0]).toBe("queued");
  });

  test("a sender whose row is lost for a moment holds up nothing, and its mail comes with the next tool", async () => {
    const other = await seat(home, "other", { project: "shop" });
    await say("real");
    await other.desk.dm("api", { content: "of another" });
    loseLead();
    const context = contextOf(await batch());
    expect(context).toContain("\n\nof another\n");
    expect(context).not.toContain("real");
    expect(client.again()).toBe(1);
    await home.clock.pass(600);
    await home.bus.join(joining("lead", { project: "shop" }, lead.keys));
    await tool();
    const later = contextOf(await batch());
    expect(later).toContain("\n\nreal\n");
    expect(later).not.toContain("repeat");
    expect(await home.bus.quarantined(api.session().mailbox)).toBe(0);
  });

  test("mail whose sender is missing is not too long for a turn; after some seconds it is forged", async () => {
    await say("from nobody");
    loseLead();
    for (const aside of [0, 0, 1]) {
      expect(await batch()).toEqual({});
      expect(await home.bus.quarantined(api.session().mailbox)).toBe(aside);
      await home.clock.pass(2500);
    }
    expect(client.tooLong.slice(0, 2)).toEqual([false, false]);
  });

  test("what is taken while the bus fails waits as before, and is looked for again", async () => {
    await say("real");
    await say("forged");
    const db = new Database(home.path);
    db.query("update message set signature = '' where body = 'forged'").run();
    db.close();
    const locked = () => Promise.reject(new Error("locked"));
    const failing = hooked(home, api, { ...home.bus, quarantine: locked });
    expect(await failing.hook("hook_batch", { agent: "" }).catch(() => "failed")).toBe("failed");
    expect(failing.again()).toBe(1);
    const context = contextOf(await batch());
    expect(context).toContain("\n\nreal\n");
    expect(context).not.toContain("repeat");
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
    await client.read("wake");
    expect(contextOf(await batch())).toContain("\n\nshort");
    expect(client.tooLong.at(-1)).toBe(false);
  });
});

describe("while the text of a wake waits in the client's queue", () => {
  test("a turn is given nothing that would be read before it", async () => {
    await prompt();
    await say("older");
    await client.take("wake");
    await say("newer");
    expect(await batch()).toEqual({});
    expect(await stop()).toEqual({});
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
      if (what === "a wake") await say("second");
      const [offer] = what === "a wake" ? await client.take("wake") : [];
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
