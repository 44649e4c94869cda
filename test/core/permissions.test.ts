// biome-ignore-all lint/suspicious/noThenProperty: the outcome of a rule is called so in the file
import { describe, expect, test } from "bun:test";
import { parseApprover, parseRules } from "../../plugin/core/rules.ts";
import { failure } from "../fakes/failure.ts";

describe("rules as the person writes them", () => {
  test("none are none", () => {
    expect(parseRules(undefined, "here")).toEqual([]);
    expect(parseRules([], "here")).toEqual([]);
  });

  test("have names, roles and projects as sessions have them, patterns as they stand", () => {
    const rule = {
      project: " Shop ",
      role: "Worker",
      tool: "Bash",
      pattern: " git * ",
      then: " ask Lead, role:Boss ",
    };
    expect(parseRules([rule, { then: "user" }], "here")).toEqual([
      {
        project: "shop",
        role: "worker",
        tool: "Bash",
        pattern: " git * ",
        outcome: { kind: "ask", approvers: ["lead", "role:boss"] },
      },
      { outcome: { kind: "user" } },
    ]);
  });

  const bad: [string, unknown, string][] = [
    ["null", null, "must be a list"],
    ["an object", {}, "must be a list"],
    ["a text", "allow", "must be a list"],
    ["null in the list", [null], "rule 1, must be an object"],
    ["a list in the list", [[]], "rule 1, must be an object"],
    ["nothing to do", [{}], 'rule 1, needs "then"'],
    ["a word nobody knows", [{ then: "permit" }], '"permit"'],
    ["capitals", [{ then: "Allow" }], '"Allow"'],
    ["nobody to ask", [{ then: "ask " }], "rule 1"],
    ["an empty one among those to ask", [{ then: "ask a,,b" }], "rule 1"],
    ["a role without a name", [{ then: "ask role:" }], "rule 1"],
    ["an unknown key", [{ then: "deny", command: "rm" }], '"command"'],
    ["a number", [{ then: "deny", tool: 7 }], '"tool" must be a text'],
    ["an empty tool", [{ then: "deny", tool: " " }], '"tool" must be a text'],
    ["a wrong project", [{ then: "deny", project: "a/b\n" }], "rule 1"],
    ["a second one that is wrong", [{ then: "deny" }, { then: "" }], "rule 2"],
  ];
  for (const [what, value, word] of bad) {
    test(`${what}: stops the start and says where`, async () => {
      const error = await failure(() => parseRules(value, "here"));
      expect(error.code).toBe("bad_setting");
      expect(error.message).toStartWith("here");
      expect(error.message).toContain(word);
    });
  }
});

test("the person may be named as an approver, though no session may be", () => {
  expect(parseApprover(" User", "here")).toBe("user");
  expect(parseApprover("Lead", "here")).toBe("lead");
  expect(parseApprover(" role:Boss ", "here")).toBe("role:boss");
});
