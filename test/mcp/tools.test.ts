/** What the server says it is, and which tools it offers with which arguments. */
import { describe, expect, test } from "bun:test";
import { testBus } from "../support/testbus.ts";

const bus = testBus();

const shared = ["content", "message_type", "priority", "thread_id", "ttl_s"];
const takes: Readonly<Record<string, { all: readonly string[]; required: readonly string[] }>> = {
  dm: { all: ["to", "notify", ...shared], required: ["content", "to"] },
  reply: { all: ["message_id", "notify", ...shared], required: ["content", "message_id"] },
  broadcast: { all: ["role", ...shared], required: ["content"] },
  who: { all: ["closed", "folder", "project", "repo"], required: [] },
  quiet: { all: ["minutes", "off", "until"], required: [] },
  inbox: { all: ["limit", "peek"], required: [] },
  history: { all: ["limit", "query", "thread_id", "with"], required: [] },
  register: { all: ["name", "project", "role"], required: ["name"] },
  mute: { all: ["name", "off"], required: ["name"] },
  block: { all: ["name", "off"], required: ["name"] },
  doctor: { all: [], required: [] },
  transcript: { all: ["last", "query", "session", "turn"], required: ["session"] },
  approvals: { all: ["from", "request_id"], required: [] },
  decide: { all: ["reason", "remember", "request_id", "verdict"], required: ["request_id", "verdict"] },
};

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
}

describe("the server", () => {
  test("is called cc-dm, is a channel, and says at once who this session is", async () => {
    const { client } = await bus.start({ name: "alice", role: "planner", project: "shop" });
    expect(client.getServerVersion()).toMatchObject({ name: "cc-dm", version: "0.1.0" });
    expect(client.getServerCapabilities()).toEqual({
      experimental: { "claude/channel": {} },
      tools: {},
    });
    expect(client.getInstructions()).toStartWith('You are "alice" on cc-dm (role planner, project shop).');
  });

  test("keeps instructions and descriptions below what any client cuts off", async () => {
    const name = "n".repeat(64);
    const { client } = await bus.start({ name, role: "r".repeat(64), project: "p".repeat(64), folder: "x" });
    const second = await bus.start({ name, folder: "y" });
    expect(second.client.getInstructions()).toContain(`The name "${name}" is held by another live session`);
    for (const one of [client, second.client]) {
      expect(one.getInstructions()?.length).toBeLessThan(2_000);
      for (const tool of (await one.listTools()).tools) expect(tool.description?.length).toBeLessThan(2_000);
    }
  });
});

describe("the list of tools", () => {
  test("is just these; the entrances of the client's hooks are not in it", async () => {
    const { client } = await bus.start();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).sort()).toEqual(Object.keys(takes).sort());
  });

  test("gives every tool a strict schema with just these arguments", async () => {
    const { client } = await bus.start();
    for (const { name, inputSchema, description } of (await client.listTools()).tools) {
      const properties = (inputSchema.properties ?? {}) as Record<string, Property>;
      expect({
        name,
        all: Object.keys(properties).sort(),
        required: [...(inputSchema.required ?? [])].sort(),
        more: inputSchema.additionalProperties,
      }).toEqual({
        name,
        all: [...(takes[name]?.all ?? [])].sort(),
        required: [...(takes[name]?.required ?? [])],
        more: false,
      });
      expect(description).toMatch(/\S/);
    }
  });

  test("names the priorities and the types of message, and no others", async () => {
    const { client } = await bus.start();
    for (const { name, inputSchema } of (await client.listTools()).tools) {
      if (!["dm", "reply", "broadcast"].includes(name)) continue;
      const { priority, message_type: type } = inputSchema.properties as Record<string, Property>;
      expect(priority?.enum).toEqual(["urgent", "normal", "low"]);
      expect(type?.enum).toEqual(["task", "question", "status", "review"]);
    }
  });
});

describe("an entrance for hooks", () => {
  test("answers hook JSON although no list shows it", async () => {
    const { call } = await bus.start();
    for (const [tool, args] of [
      ["hook_prompt", { prompt: "hello" }],
      ["hook_tool", { tool: "Bash", agent: "" }],
      ["hook_dialog", { about: "Bash", agent: "" }],
      ["hook_answered", { agent: "" }],
      ["hook_batch", { agent: "" }],
      ["hook_agent_stop", { agent: "a-1" }],
      ["hook_stop", {}],
      ["hook_failed", {}],
    ] as const) {
      expect((await call(tool, args)).content).toEqual([{ type: "text", text: "{}" }]);
    }
  });

  test("allows our messaging tools by their full name and nothing else", async () => {
    const { call } = await bus.start();
    const decision = async (tool: string) => {
      const [part] = (await call("hook_tool", { tool, agent: "" })).content;
      const answer = JSON.parse((part as { text: string }).text) as {
        hookSpecificOutput?: { permissionDecision: string };
      };
      return answer.hookSpecificOutput?.permissionDecision ?? "asks";
    };
    const own = "mcp__plugin_cc-dm_cc-dm__";
    for (const tool of [
      "who",
      "dm",
      "broadcast",
      "reply",
      "inbox",
      "history",
      "register",
      "doctor",
      "approvals",
    ]) {
      expect(await decision(`${own}${tool}`)).toBe("allow");
    }
    for (const tool of [
      `${own}mute`,
      `${own}block`,
      `${own}quiet`,
      "dm",
      `x${own}dm`,
      `${own}dm2`,
      `${own}`,
      "",
    ]) {
      expect(await decision(tool)).toBe("asks");
    }
    expect(await decision(`${own}decide`)).toBe("ask"); // the person, whatever the client's rules allow
  });
});
