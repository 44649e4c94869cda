import { beforeEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../hooks/hooks.json" with { type: "json" };
import { tokensIn } from "../../plugin/core/frame.ts";
import { hooks, preApproved } from "../../plugin/delivery/hooks.ts";
import { tools } from "../../plugin/tools/index.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { place } from "../fakes/people.ts";
import { scratch } from "../fakes/scratch.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead", { project: "shop" });
  api = await seat(home, "api", { project: "shop", clientSession: "c-1" });
});

const call = (name: string, args: Record<string, unknown> = {}, by = api) => {
  const hook = hooks[name];
  if (hook === undefined) throw new Error(`no hook ${name}`);
  const { client, clientSession } = by.session();
  const sight = () => home.bus.sight({ client, sessionId: clientSession, transcript: null }, place);
  return hook({ bus: home.bus, clock: home.clock, session: by.session, log: home.log, sight }, args);
};
const prompt = (text: string, sid = "c-1") => call("hook_prompt", { sid, prompt: text });
/** What a hook's answer puts into the turn; "" if nothing. */
const contextOf = (answer: Readonly<Record<string, unknown>>) => {
  const output = answer.hookSpecificOutput as
    | { additionalContext: string; hookEventName: string }
    | undefined;
  if (output !== undefined) expect(output.hookEventName).toBe("UserPromptSubmit");
  return output?.additionalContext ?? "";
};
const say = (content: string, more = {}) => lead.desk.dm("api", { content, ...more });
const stateOf = async (messageId: string) => {
  await home.clock.settle();
  const passed = await home.bus.history({ mailbox: lead.session().mailbox, limit: 100 });
  const receipt = passed.find((one) => one.message.id === messageId)?.receipts[0];
  return [receipt?.state, receipt?.path, receipt?.evidence];
};

describe("when the person writes a prompt", () => {
  test("nothing is added if nothing waits", async () => {
    expect(await prompt("hello")).toEqual({});
  });

  test("what waits is put beside it, whatever its priority, and counts as handed over", async () => {
    const { message_id } = await say("look at this", { priority: "low" });
    const context = contextOf(await prompt("hello"));
    expect(context).toStartWith("1 cc-dm message.");
    expect(context).toContain("\n\nlook at this");
    expect(tokensIn(context)).toHaveLength(1);
    expect(await stateOf(message_id)).toEqual(["handed", "turn", null]);
    expect(await prompt("again")).toEqual({});
  });

  test("it is not taken for seen before the next sign of life from that turn", async () => {
    for (const sid of ["c-1", "c-2"]) {
      const { message_id } = await say("x");
      // Another session id makes the hook write first; what it claims meanwhile must not be marked.
      contextOf(await prompt(`earlier · ref 000000000000`, sid));
      expect((await stateOf(message_id))[0]).toBe("handed");
      await home.clock.pass(1000);
      await prompt("next", sid);
      expect(await stateOf(message_id)).toEqual(["seen", "turn", "turn"]);
    }
  });

  test("the end of the turn is such a sign too", async () => {
    const { message_id } = await say("x");
    await prompt("hello");
    await home.clock.pass(1000);
    expect(await call("hook_stop")).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("seen");
  });

  test("the end of the turn also finds in the transcript what was absorbed in the middle of it", async () => {
    const { message_id } = await say("x");
    const [offer] = await home.bus.claim({ session: api.session(), path: "wake", limit: 1 });
    const { message_id: unseen } = await say("y");
    await home.bus.claim({ session: api.session(), path: "wake", limit: 1 });
    const transcript = join(scratch(), "session.jsonl");
    const attachment = { type: "queued_command", prompt: `· ref ${offer?.token}\n\n· ref 000000000000\n` };
    writeFileSync(transcript, `${JSON.stringify({ type: "attachment", attachment })}\n`);
    expect(await call("hook_stop", { transcript: "/nowhere" })).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("handed");
    expect(await call("hook_stop", { transcript })).toEqual({});
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

  test("a message too long for that waits for another path", async () => {
    const { message_id } = await say("x".repeat(10_000));
    expect(await prompt("hello")).toEqual({});
    expect((await stateOf(message_id))[0]).toBe("queued");
  });
});

describe("when our own wake makes the prompt", () => {
  const wake = (text: string) =>
    `<task-notification>\n<summary>Stop hook feedback</summary>\n${text}\n</task-notification>`;

  test("the tokens in it prove that it arrived, and nothing is added", async () => {
    const { message_id } = await say("x");
    const [offer] = await home.bus.claim({ session: api.session(), path: "wake", limit: 1 });
    const { message_id: later } = await say("later");
    expect(await prompt(wake(`From lead · ref ${offer?.token}`))).toEqual({});
    expect(await stateOf(message_id)).toEqual(["seen", "wake", "prompt"]);
    expect((await stateOf(later))[0]).toBe("queued");
    expect(await prompt(`\n ${wake("")}`)).toEqual({});
    expect((await stateOf(later))[0]).toBe("queued");
  });

  test("tokens of other sessions, and made-up ones, prove nothing", async () => {
    const other = await seat(home, "other", { project: "shop" });
    const { message_id } = await lead.desk.dm("other", { content: "x" });
    const [offer] = await home.bus.claim({ session: other.session(), path: "wake", limit: 1 });
    await prompt(wake(`· ref ${offer?.token}\n· ref 0123456789ab\n`));
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
    await home.clock.settle();
    expect((await home.bus.session(api.keys.id))?.hooksAt).toBe(home.clock.now());
  });

  test("which session it is now, after /clear and /resume", async () => {
    await prompt("hello", "c-9");
    await home.clock.settle();
    expect((await home.bus.session(api.keys.id))?.clientSession).toBe("c-9");
    for (const sid of ["", undefined, 7]) await call("hook_prompt", { sid, prompt: "hello" });
    await home.clock.settle();
    expect((await home.bus.session(api.keys.id))?.clientSession).toBe("c-9");
  });

  test("nothing, if it was passed nothing", async () => {
    await say("x");
    expect(contextOf(await call("hook_prompt", {}))).toContain("\n\nx");
    expect(await call("hook_prompt", { prompt: ["x"], sid: null })).toEqual({});
  });
});

describe("a bus that cannot be written to", () => {
  const locked = () => Promise.reject(Object.assign(new Error("locked"), { code: "bus_busy" }));

  test("holds up no evidence-giving hook, and is noted", async () => {
    const bus = { ...home.bus, seen: locked, seenBy: locked, follow: locked };
    const parts = { bus, clock: home.clock, session: api.session, log: home.log, sight: locked };
    expect(await hooks.hook_prompt?.(parts, { sid: "c-9", prompt: "· ref 0123456789ab" })).toEqual({});
    expect(await hooks.hook_stop?.(parts, {})).toEqual({});
    await home.clock.settle();
    expect(home.logged.map((one) => one.event)).toEqual(["evidence_failed", "evidence_failed"]);
  });
});

describe("only our own messaging tools need no click", () => {
  const decision = async (tool: unknown) => {
    const answer = await call("hook_allow", { tool });
    const output = answer.hookSpecificOutput as Record<string, unknown> | undefined;
    return output === undefined ? answer : [output.hookEventName, output.permissionDecision];
  };
  const full = (name: string) => `mcp__plugin_cc-dm_cc-dm__${name}`;

  for (const name of ["who", "dm", "broadcast", "reply", "inbox", "history", "register"]) {
    test(`${name} is allowed`, async () => {
      expect(await decision(full(name))).toEqual(["PreToolUse", "allow"]);
      expect(tools.map((tool) => tool.name)).toContain(name);
    });
  }

  const others: readonly unknown[] = [
    full("mute"),
    full("block"),
    full("decide"),
    full("hook_prompt"),
    full(""),
    full("dm2"),
    full("DM"),
    full("constructor"),
    ` ${full("dm")}`,
    "dm",
    "Bash",
    "mcp__plugin_other_cc-dm__dm",
    "mcp__cc-dm__dm",
    "",
    undefined,
    null,
    7,
    [full("dm")],
  ];
  for (const tool of others) {
    test(`${JSON.stringify(tool) ?? "nothing"} is asked for as usual`, async () => {
      expect(await decision(tool)).toEqual({});
    });
  }

  test("the client asks this hook about the same ones only", () => {
    const [group] = manifest.hooks.PreToolUse;
    const matcher = new RegExp(`^(?:${group?.matcher})$`);
    expect(preApproved.every((name) => matcher.test(full(name)))).toBe(true);
    for (const { name } of tools) expect(matcher.test(full(name))).toBe(preApproved.includes(name));
  });
});

test("every hook that the client is told to call is there", () => {
  const called = Object.values(manifest.hooks)
    .flat()
    .flatMap((group) => group.hooks as readonly { type: string; tool?: string }[])
    .flatMap((hook) => (hook.type === "mcp_tool" ? [hook.tool ?? ""] : []));
  expect(called.toSorted()).toEqual(Object.keys(hooks).toSorted());
});
