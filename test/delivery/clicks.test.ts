import { beforeEach, describe, expect, test } from "bun:test";
import { preApproved } from "../../plugin/delivery/paths/hooks.ts";
import { tools } from "../../plugin/tools/index.ts";
import { type Hooked, hooked } from "../fakes/hooked.ts";
import { house, seat } from "../fakes/house.ts";

let client: Hooked;
beforeEach(async () => {
  const home = await house();
  client = hooked(home, await seat(home, "api"));
});

describe("only our own messaging tools need no click", () => {
  const decision = async (tool: unknown) => {
    const answer = await client.hook("hook_tool", { tool, agent: "" });
    const output = answer.hookSpecificOutput as Record<string, unknown> | undefined;
    return output === undefined ? answer : [output.hookEventName, output.permissionDecision];
  };
  const full = (name: string) => `mcp__plugin_cc-dm_cc-dm__${name}`;

  for (const name of [
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
    test(`${name} is allowed`, async () => {
      expect(await decision(full(name))).toEqual(["PreToolUse", "allow"]);
      expect(tools.map((tool) => tool.name)).toContain(name);
    });
  }

  const others: readonly unknown[] = [
    full("mute"),
    full("quiet"),
    full("block"),
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

  test("nor in a subagent", async () => {
    const { hookSpecificOutput } = await client.hook("hook_tool", { tool: full("dm"), agent: "a-1" });
    expect(hookSpecificOutput).toMatchObject({ permissionDecision: "allow" });
  });

  test("a verdict on another session's request has the client ask, whatever its rules allow", async () => {
    expect(await decision(full("decide"))).toEqual(["PreToolUse", "ask"]);
  });

  test("quiet, block and mute, which change what arrives, and verdicts cost one", () => {
    expect(
      tools
        .map((tool) => tool.name)
        .filter((name) => !preApproved.includes(name))
        .sort(),
    ).toEqual(["block", "decide", "mute", "quiet", "transcript"]);
  });
});
