import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Usage } from "../../../plugin/cli/command.ts";
import { readWords } from "../../../plugin/cli/run/words.ts";

const options = {
  name: { type: "string", value: "NAME", about: "" },
  prompt: { type: "string", value: "TEXT", about: "" },
  team: { type: "boolean", about: "" },
  "dry-run": { type: "boolean", about: "" },
} as const;

const read = (...words: readonly string[]) => {
  const { texts, flags, operands, client } = readWords(words, options);
  return { texts, flags: [...flags], operands, client };
};
const nothing = { texts: {}, flags: [], operands: [], client: [] };

describe("what is ours and what is the client's", () => {
  test.each([
    [[], {}],
    [["planner"], { operands: ["planner"] }],
    [["planner", "--resume", "abc"], { operands: ["planner"], client: ["--resume", "abc"] }],
    [["--resume", "planner"], { client: ["--resume", "planner"] }],
    [["--name", "a b", "planner"], { texts: { name: "a b" }, operands: ["planner"] }],
    [["--name=", "--model", "opus"], { texts: { name: "" }, client: ["--model", "opus"] }],
    [["--name=-x=y\nz"], { texts: { name: "-x=y\nz" } }],
    [["--name", "a", "--name", "b"], { texts: { name: "b" } }],
    [
      ["-n", "x", "--model", "m", "--name", "y"],
      { texts: { name: "y" }, client: ["-n", "x", "--model", "m"] },
    ],
    [["--team", "a", "b", "--dry-run"], { flags: ["team", "dry-run"], operands: ["a", "b"] }],
    [["--", "--name", "x", "--team"], { client: ["--name", "x", "--team"] }],
    [["--", "a", "--", "b"], { client: ["a", "--", "b"] }],
    [["-p", "", " "], { client: ["-p", "", " "] }],
    [["-", "--x"], { operands: ["-"], client: ["--x"] }],
    [["--names", "x"], { client: ["--names", "x"] }],
    [["--NAME", "x"], { client: ["--NAME", "x"] }],
    [["--constructor", "--toString=1"], { client: ["--constructor", "--toString=1"] }],
    [["--__proto__=1"], { client: ["--__proto__=1"] }],
  ])("%j", (words, expected) => {
    expect(read(...words)).toEqual({ ...nothing, ...expected });
  });

  test.each([
    [["--name"], "--name needs a value"],
    [["--name", "--team"], "--name=--team"],
    [["--team=yes"], "--team takes no value"],
  ])("%j is refused", (words, complaint) => {
    expect(() => read(...words)).toThrow(Usage);
    expect(() => read(...words)).toThrow(complaint);
  });
});

const anything = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("--name", "--team", "--", "-", "", "-p", "--name=x", "--__proto__", "\u0000", "a\nb"),
);

test("behind -- everything arrives, unchanged and in order, and nothing of it is ours", () => {
  fc.assert(
    fc.property(fc.array(anything), (words) => {
      expect(read("--name", "x", "--", ...words)).toEqual({
        ...nothing,
        texts: { name: "x" },
        client: words,
      });
    }),
  );
});

test("ours among the client's words take nothing away from them", () => {
  const isOurs = (word: string) => word === "--" || /^--(name|prompt|team|dry-run)(=|$)/s.test(word);
  const foreign = anything.filter((word) => !isOurs(word));
  const ours = fc.constantFrom(["--team"], ["--name", "x"], ["--prompt=-- y"], []);
  fc.assert(
    fc.property(fc.array(fc.tuple(foreign, ours)), (pairs) => {
      const client = ["--model", ...pairs.map(([word]) => word)];
      const given = ["--model", ...pairs.flatMap(([word, option]) => [word, ...option])];
      expect(read(...given).client).toEqual(client);
    }),
  );
});
