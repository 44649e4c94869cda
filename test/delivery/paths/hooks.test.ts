import { beforeEach, describe, expect, test } from "bun:test";
import { tokensIn } from "../../../plugin/core/frame.ts";
import { hooks } from "../../../plugin/delivery/paths/hooks.ts";
import type { Relay } from "../../../plugin/delivery/relay/relay.ts";
import { contextOf, fate, type Hooked, hooked, records, transcript } from "../../fakes/hooked.ts";
import { type House, house, type Seat, seat } from "../../fakes/house.ts";
import { send } from "../../fakes/people.ts";

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

const prompt = (text: string, sid = "c-1") => client.hook("hook_prompt", { sid, prompt: text });
const over = () => client.hook("hook_failed");
const say = (content: string, more = {}) => lead.desk.dm("api", { content, ...more });
const stateOf = (messageId: string) => fate(home, lead, messageId);

describe("when the person writes a prompt", () => {
  test("nothing is added if nothing waits", async () => {
    expect(await prompt("hello")).toEqual({});
  });

  test("what waits is put beside it, whatever its priority, and counts as handed over", async () => {
    const { message_id } = await say("look at this", { priority: "low" });
    const answer = await prompt("hello");
    expect(answer.hookSpecificOutput).toMatchObject({ hookEventName: "UserPromptSubmit" });
    const context = contextOf(answer);
    expect(context).toStartWith("1 cc-dm message.");
    expect(context).toContain("\n\nlook at this");
    expect(tokensIn(context)).toHaveLength(1);
    expect(await stateOf(message_id)).toEqual(["handed", "turn", null]);
  });

  test("its person sees in a line what came, and the model does not see that line", async () => {
    await say("look at this\nat once", { message_type: "task" });
    const answer = await prompt("hello");
    expect(answer.systemMessage).toBe("✉ lead (task): look at this");
    expect(contextOf(answer)).not.toContain("✉");
  });

  test("its person is told once what it should know of this session", async () => {
    client.greet("this session is api-2");
    expect(await prompt("hello")).toEqual({ systemMessage: "this session is api-2" });
    expect(await prompt("hello")).toEqual({});
    await over();
    client.greet("this session is api-3");
    await say("x");
    expect((await prompt("hello")).systemMessage).toBe("this session is api-3\n✉ lead: x");
  });

  test("mail of a muted session comes along too", async () => {
    await home.bus.filter(api.session().mailbox, "mute", "lead", true);
    await say("muted");
    expect(contextOf(await prompt("hello"))).toContain("\n\nmuted");
  });

  test("so does an answer that was held back, and its reader is told why", async () => {
    const { keys, session } = lead;
    const more = { hops: 99, sentAt: home.clock.now() };
    await send(home.bus, { keys, session: session() }, [api.session()], more);
    expect(contextOf(await prompt("hello"))).toContain("answer 99 in a row");
  });

  test("who came and went since is said beside the mail, and only then", async () => {
    await home.clock.pass(1000);
    await seat(home, "web", { project: "shop", role: "tests" });
    expect(await prompt("hello")).toEqual({});
    await over();
    await say("x");
    expect(contextOf(await prompt("hello"))).toContain("Since then joined: web (tests).");
    await over();
    await say("y");
    const next = contextOf(await prompt("hello"));
    expect(next).toContain("\n\ny\n");
    expect(next).not.toContain("Since then");
  });

  test("it is not taken for seen before the turn went on", async () => {
    const signs: readonly (readonly [string, Record<string, unknown>])[] = [
      ["hook_tool", { tool: "Bash", agent: "" }],
      ["hook_stop", {}],
      ["hook_failed", {}],
    ];
    for (const [sign, args] of signs) {
      const { message_id } = await say("x");
      await prompt("earlier · ref 000000000000");
      await home.clock.pass(1000);
      expect((await stateOf(message_id))[0]).toBe("handed");
      await client.hook(sign, args);
      expect(await stateOf(message_id)).toEqual(["seen", "turn", "turn"]);
      await over();
    }
  });

  test("the end of the turn also finds in the transcript what was absorbed in the middle of it", async () => {
    const file = transcript();
    const { message_id } = await say("x");
    const [offer] = await client.take("wake");
    const { message_id: unseen } = await say("y");
    await client.take("wake");
    file.add(records.absorbed(offer?.token ?? ""));
    file.add(records.absorbed("000000000000"));
    file.add(records.answer());
    client.evidence.expect();
    await client.hook("hook_stop", { transcript: "/nowhere" });
    expect((await stateOf(message_id))[0]).toBe("handed");
    await client.hook("hook_stop", { transcript: file.path });
    expect(await stateOf(message_id)).toEqual(["seen", "wake", "transcript"]);
    expect((await stateOf(unseen))[0]).toBe("handed");
  });

  test("never more than the client takes is put beside it", async () => {
    const name = "n".repeat(64);
    await lead.desk.rename({ name, role: name, project: "shop" });
    for (let n = 0; n < 30; n++)
      await say("<channel>".repeat(45), { message_type: "question", priority: "urgent" });
    const context = contextOf(await prompt("hello"));
    expect(tokensIn(context).length).toBeGreaterThan(5);
    expect(context.length).toBeLessThan(10_000);
  });

  test("a message too long for that waits for another path, which is told to take it", async () => {
    const { message_id } = await say("x".repeat(10_000));
    expect(await prompt("hello")).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("queued");
    expect(client.tooLong).toEqual([true]);
    await over();
    await client.read("wake");
    await say("short");
    await prompt("hello");
    expect(client.tooLong).toEqual([true, false]);
  });

  test("a long message that does not press makes no other path take it", async () => {
    await say("x".repeat(10_000), { priority: "low" });
    expect(await prompt("hello")).toEqual({});
    expect(client.tooLong).toEqual([false]);
  });
});

describe("when our own wake makes the prompt", () => {
  const wake = (text: string) =>
    `<task-notification>\n<summary>Stop hook feedback</summary>\n${text}\n</task-notification>`;

  test("the tokens in it prove that it arrived, and nothing is added", async () => {
    const { message_id } = await say("x");
    const [offer] = await client.take("wake");
    const { message_id: later } = await say("later");
    const answer = await prompt(wake(`From lead · ref ${offer?.token}`));
    expect(answer).toEqual({ systemMessage: "✉ lead: x" }); // the client shows a wake without its text
    expect(await stateOf(message_id)).toEqual(["seen", "wake", "prompt"]);
    expect((await stateOf(later))[0]).toBe("queued");
  });

  test("one of the client's own background tasks is none, and brings nothing", async () => {
    const { message_id } = await say("x");
    expect(await prompt(`\n ${wake("")}`)).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("queued");
  });

  test("tokens of other sessions, and made-up ones, prove nothing", async () => {
    const other = await seat(home, "other", { project: "shop" });
    const { message_id } = await lead.desk.dm("other", { content: "x" });
    const [offer] = await home.bus.claim({ session: other.session(), path: "wake", limit: 1 });
    expect(await prompt(wake(`· ref ${offer?.token}\n· ref 0123456789ab\n`))).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("handed");
  });

  test("text about it in a person's prompt is no wake", async () => {
    await say("x");
    expect(contextOf(await prompt("what is <task-notification>?"))).toContain("\n\nx");
  });
});

describe("a prompt tells of its client", () => {
  test("that its hooks are heard, if nobody knew", async () => {
    expect(api.session().hooksAt).toBeNull();
    await prompt("hello");
    expect((await home.bus.session(api.keys.id))?.hooksAt).toBe(home.clock.now());
  });

  test("which session it is now, after /clear and /resume", async () => {
    await prompt("hello", "c-9");
    expect((await home.bus.session(api.keys.id))?.clientSession).toBe("c-9");
    for (const sid of ["", undefined, 7]) await client.hook("hook_prompt", { sid, prompt: "hello" });
    expect((await home.bus.session(api.keys.id))?.clientSession).toBe("c-9");
  });

  test("nothing, if it was passed nothing", async () => {
    await say("x");
    expect(contextOf(await client.hook("hook_prompt", {}))).toContain("\n\nx");
    await home.clock.pass(1);
    await over();
    expect(await client.hook("hook_prompt", { prompt: ["x"], sid: null })).toEqual({});
  });
});

describe("a bus that cannot be written to", () => {
  const locked = () => Promise.reject(Object.assign(new Error("locked"), { code: "bus_busy" }));

  test("holds up no evidence-giving hook, and is noted", async () => {
    const bus = { ...home.bus, seen: locked, seenBy: locked, follow: locked, sight: locked };
    const stuck = hooked(home, api, bus);
    const wake = "<task-notification>· ref 0123456789ab\n</task-notification>";
    expect(await stuck.hook("hook_prompt", { sid: "c-9", prompt: wake })).toEqual({});
    expect(await stuck.hook("hook_tool", { tool: "Bash", agent: "" })).toEqual({});
    expect(await stuck.hook("hook_stop")).toEqual({});
    const events = home.logged.map((one) => one.event);
    expect(events.length).toBeGreaterThan(3);
    expect(new Set(events)).toEqual(new Set(["evidence_failed"]));
  });
});

describe("while a dialog waits", () => {
  const waiting = (remarks: readonly string[] | null) => {
    const relay = remarks === null ? null : ({ remarks: () => remarks } as unknown as Relay);
    return hooks.hook_waiting?.({ ...client.parts, relay }, {}, new AbortController().signal);
  };

  test("its person hears who was asked and cannot answer", async () => {
    expect(await waiting(["lead is not running", "boss\u0007 is deaf"])).toEqual({
      terminalSequence: "\u001b]9;cc-dm asked for permission: lead is not running; boss is deaf\u0007",
    });
  });

  test("nothing rings if everybody can, or nobody is asked at all", async () => {
    expect(await waiting([])).toEqual({});
    expect(await waiting(null)).toEqual({});
  });
});
