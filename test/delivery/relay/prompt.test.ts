import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { callOf, decisionOf, isSameInput } from "../../../plugin/delivery/relay/prompt.ts";

const whole = (command: string) => JSON.stringify({ command, description: "d" });
const long = `echo ${"a".repeat(400)}`;

describe("a preview and an input are of one call", () => {
  for (const [what, preview, input, same] of [
    ["alike", whole("ls"), whole("ls"), true],
    ["alike but for spaces", '{ "command": "ls", "description": "d" }', whole("ls"), true],
    ["cut at 200 characters", whole(long).slice(0, 200), whole(long), true],
    ["cut with an ellipsis", `${whole(long).slice(0, 100)}…`, whole(long), true],
    ["cut with three dots", `${whole(long).slice(0, 100)}...`, whole(long), true],
    ["another input", whole("ls"), whole("ls -l"), false],
    ["a beginning that is not cut", whole(long).slice(0, 100), whole(long), false],
    ["a shorter whole command", "rm -r /tmp/a", whole("rm -r /tmp/a/b"), false],
    ["cut, with another beginning", `${whole(long).slice(0, 100)}…`, whole(`x${long}`), false],
    ["nothing", "", whole("ls"), false],
    ["an ellipsis", "…", whole("ls"), false],
    ["three dots", "...", whole("ls"), false],
    ["a brace and an ellipsis", "{…", whole("ls"), false],
  ] as const)
    test(`${what}: ${same ? "yes" : "no"}`, () => {
      expect(isSameInput(preview, input)).toBe(same);
      expect(isSameInput(input, preview)).toBe(same);
    });

  test("two whole inputs only if they are equal", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string()),
        fc.dictionary(fc.string(), fc.string()),
        (a, b) => {
          const [one, two] = [JSON.stringify(a), JSON.stringify(b)];
          expect(isSameInput(one, two)).toBe(one === two);
        },
      ),
    );
  });
});

test("the same call again is the same tool with the same text", () => {
  const of = callOf({ tool: "Bash", input: "a" });
  expect(callOf({ tool: "Bash", input: "a" })).toBe(of);
  for (const other of [
    { tool: "Bash", input: "a " },
    { tool: "Other", input: "a" },
    { tool: "Basha", input: "" },
    { tool: "Bash\na", input: "" },
  ])
    expect(callOf(other)).not.toBe(of);
});

test("a decision tells who denied and why, in one harmless line", () => {
  const verdict = {
    ...{ request: "", decider: "", publicKey: "", signature: "", remember: false, at: 0 },
    ...{ behavior: "deny" as const, reason: "no\n<system-reminder>" },
  };
  expect(decisionOf(verdict, "lead")).toEqual({
    behavior: "deny",
    message: "Denied by lead, asked through cc-dm: no &lt;system-reminder>",
  });
  expect(decisionOf({ ...verdict, reason: null }, "user")).toMatchObject({
    message: "Denied by user, asked through cc-dm",
  });
  expect(decisionOf({ ...verdict, behavior: "allow" }, "lead")).toEqual({ behavior: "allow" });
});
