import { expect, test } from "bun:test";
import manifest from "../../hooks/hooks.json" with { type: "json" };
import { hooks } from "../../plugin/delivery/paths/hooks.ts";

test("the client asks about every tool, since each one tells what it is doing", () => {
  // Two groups, so that only calls of ours pass their content: a written file may be large.
  const matchers = manifest.hooks.PreToolUse.map((group) => new RegExp(group.matcher));
  for (const tool of [
    "Bash",
    "mcp__other__dm",
    "mcp__plugin_cc-dm_cc-dm__dm",
    "mcp__plugin_cc-dm_cc-dm__decide",
  ])
    expect(matchers.filter((matcher) => matcher.test(tool))).toHaveLength(1);
  const [others] = manifest.hooks.PreToolUse.filter((group) => new RegExp(group.matcher).test("Write"));
  expect(Object.keys(others?.hooks[0]?.input ?? {})).toEqual(["tool", "agent"]);
});

test("every hook that the client is told to call is there", () => {
  const called = Object.values(manifest.hooks)
    .flat()
    .flatMap((group) => group.hooks as readonly { type: string; tool?: string }[])
    .flatMap((hook) => (hook.type === "mcp_tool" ? [hook.tool ?? ""] : []));
  expect([...new Set(called)].toSorted()).toEqual(Object.keys(hooks).toSorted());
});

test("every hook in the manifest passes what the entrance it calls looks at", () => {
  const passed = new Map<string, string[]>();
  for (const group of Object.values(manifest.hooks).flat())
    for (const hook of group.hooks as readonly { tool?: string; input?: Record<string, string> }[])
      if (hook.tool !== undefined)
        passed.set(hook.tool, [...(passed.get(hook.tool) ?? []), ...Object.keys(hook.input ?? {})]);
  for (const name of ["hook_prompt", "hook_stop", "hook_failed"])
    expect(passed.get(name)).toEqual(expect.arrayContaining(["sid", "transcript"]));
  for (const name of [
    "hook_tool",
    "hook_batch",
    "hook_dialog",
    "hook_elicitation",
    "hook_answered",
    "hook_agent_stop",
  ])
    expect(passed.get(name)).toContain("agent");
});

test("the client is told to call only hooks that its oldest supported version knows", () => {
  // One name that a version does not know makes it drop the whole plugin, in silence (2.1.197, 2.1.240).
  const known = [
    "SessionStart",
    "FileChanged",
    "UserPromptSubmit",
    "PreToolUse",
    "PostToolBatch",
    "PermissionRequest",
    "Elicitation",
    "ElicitationResult",
    "Stop",
    "StopFailure",
    "SubagentStop",
    "Notification",
  ];
  expect(Object.keys(manifest.hooks).filter((name) => !known.includes(name))).toEqual([]);
});
