import { beforeEach, describe, expect, test } from "bun:test";
import { DmError } from "../../plugin/core/errors.ts";
import { callTool, failure } from "../../plugin/tools/call.ts";
import { tools } from "../../plugin/tools/index.ts";
import { type House, house, type Seat, seat } from "../fakes/house.ts";
import { call, refusal } from "./use.ts";

let home: House;
let lead: Seat;
let api: Seat;
beforeEach(async () => {
  home = await house();
  lead = await seat(home, "lead", { role: "planner", project: "shop" });
  api = await seat(home, "api", { project: "shop" });
});

test("there are fourteen tools, and no hook's entrance among them", () => {
  expect(tools.map((tool) => tool.name).sort()).toEqual([
    "approvals",
    "block",
    "broadcast",
    "decide",
    "dm",
    "doctor",
    "history",
    "inbox",
    "mute",
    "quiet",
    "register",
    "reply",
    "transcript",
    "who",
  ]);
});

test("what a model reads about all of them is short", () => {
  for (const { description } of tools) expect(description.length).toBeLessThan(400);
  expect(tools.reduce((sum, { description }) => sum + description.length, 0)).toBeLessThan(2500);
});

describe("every answer", () => {
  test("is one JSON text, the same in structured form, and says who one is", async () => {
    const { result } = await callTool(lead, "who", {});
    expect(result.content).toHaveLength(1);
    expect(JSON.parse(result.content[0]?.text ?? "")).toEqual(result.structuredContent);
    expect(result.structuredContent.you).toEqual({ name: "lead", role: "planner", project: "shop" });
    expect(result.isError).toBeUndefined();
  });

  test("tells of unread mail, but inbox, which shows it", async () => {
    await call(lead, "dm", { to: "api", content: "1" });
    await call(lead, "dm", { to: "api", content: "2" });
    expect((await call(api, "who", {})).unread).toBe("2 unread; call inbox");
    expect(await call(api, "inbox", {})).not.toHaveProperty("unread");
    expect(await call(api, "who", {})).not.toHaveProperty("unread");
  });

  test("that fails says what, why and who one is", async () => {
    const { result, shown } = await callTool(lead, "dm", { to: "nobody", content: "x" });
    expect(result.isError).toBe(true);
    expect(shown).toEqual([]);
    expect(result.structuredContent).toEqual({
      error: { code: "unknown_recipient", message: expect.any(String), candidates: ["api"] },
      you: { name: "lead", role: "planner", project: "shop" },
    });
  });

  test("to what went wrong unforeseen is an error too", async () => {
    const broken = { ...home.bus, roster: () => Promise.reject(new TypeError("oops")) };
    const odd = await seat({ ...home, bus: broken }, "odd");
    const refused = await refusal(odd, "who", {});
    expect(refused).toMatchObject({ code: "internal", message: "cc-dm failed: TypeError: oops" });
  });

  test("to what was done is none, though the bus is lost before unread mail can be told of", async () => {
    const gone = () => Promise.reject(new DmError("bus_moved", "it was deleted"));
    const late = await seat({ ...home, bus: { ...home.bus, unread: gone } }, "late", { project: "shop" });
    expect(await call(late, "dm", { to: "api", content: "once" })).toHaveProperty("message_id");
    await call(lead, "dm", { to: "late", content: "precious" });
    const { result, shown } = await callTool(late, "inbox", {});
    expect(result.structuredContent.messages).toMatchObject([{ from: "lead" }]);
    expect(shown).toHaveLength(1);
  });

  test("to a text like a verdict that was sent is none, though it could not be put on record", async () => {
    const gone = () => Promise.reject(new DmError("bus_moved", "it was deleted"));
    const late = await seat({ ...home, bus: { ...home.bus, audit: gone } }, "late", { project: "shop" });
    expect(await call(late, "dm", { to: "api", content: "yes abcde" })).toHaveProperty("message_id");
  });

  test("of a session that never got an identity says so", () => {
    const { structuredContent } = failure(new Error("x"), null).result;
    expect(structuredContent.you).toBeNull();
  });
});

describe("a call that cannot be meant is refused with what the tool takes", () => {
  const table: readonly (readonly [string, unknown, RegExp])[] = [
    ["dm", {}, /to: .*content: .*It takes to, content, priority, message_type, thread_id, ttl_s/],
    ["dm", undefined, /to: /],
    ["dm", null, /to: /],
    ["dm", [], /dm: /],
    ["dm", "api", /dm: /],
    ["dm", { to: 1, content: "x" }, /^dm: to: /],
    ["dm", { to: "api", content: ["x"] }, /^dm: content: /],
    ["dm", { to: "api", content: "x", from: "user" }, /"from"/],
    ["dm", { to: "api", content: "x", from_session: "user" }, /"from_session"/],
    ["dm", { to: "api", content: "x", priority: "high" }, /^dm: priority: .*urgent/],
    ["dm", { to: "api", content: "x", message_type: "order" }, /^dm: message_type: /],
    ["dm", { to: "api", content: "x", thread_id: "" }, /^dm: thread_id: 1 to 64/],
    ["dm", { to: "api", content: "x", thread_id: 'a" b' }, /^dm: thread_id: /],
    ["dm", { to: "api", content: "x", thread_id: "x".repeat(65) }, /^dm: thread_id: /],
    ["dm", { to: "api", content: "x", ttl_s: 0 }, /^dm: ttl_s: /],
    ["dm", { to: "api", content: "x", ttl_s: 2_592_001 }, /^dm: ttl_s: /],
    ["dm", { to: "api", content: "x", ttl_s: "60" }, /^dm: ttl_s: /],
    ["dm", { to: "api", content: "x", ttl_s: 1.5 }, /^dm: ttl_s: /],
    ["broadcast", { to: "api", content: "x" }, /"to"/],
    ["reply", { content: "x" }, /^reply: message_id: /],
    ["inbox", { limit: 0 }, /^inbox: limit: /],
    ["inbox", { limit: 101 }, /^inbox: limit: /],
    ["inbox", { peek: "yes" }, /^inbox: peek: /],
    ["history", { query: "" }, /^history: query: /],
    ["history", { query: "x".repeat(501) }, /^history: query: /],
    ["who", { name: "api" }, /"name"/],
    ["register", {}, /^register: name: /],
    ["mute", { name: "x", off: "true" }, /^mute: off: /],
    ["block", {}, /^block: name: /],
  ];
  for (const [name, args, why] of table) {
    test(`${name} ${(JSON.stringify(args) ?? "nothing").slice(0, 60)}`, async () => {
      const refused = await refusal(lead, name, args);
      expect(refused.code).toBe("invalid_arguments");
      expect(refused.message).toMatch(why);
    });
  }

  test("a tool that there is not", async () => {
    for (const name of ["send", "hook_prompt", "hook_allow", "constructor", "__proto__", "x".repeat(5000)]) {
      const refused = await refusal(lead, name, {});
      expect(refused.code).toBe("unknown_tool");
      expect(refused.message.length).toBeLessThan(100);
      expect(refused.candidates).toContain("dm");
    }
  });
});
