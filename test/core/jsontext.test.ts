import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { add, find, membersAt, remove, replace } from "../../plugin/core/jsontext.ts";
import { jsonText, settingsText } from "../fakes/jsontexts.ts";

const parse = (text: string) => JSON.parse(text.replace(/^\ufeff/, ""));
const ours = { type: "command", command: 'bun "x" {[' };

describe("whatever the text", () => {
  test("a member is added, and its removal leaves the bytes that were there", () => {
    fc.assert(
      fc.property(settingsText, (text) => {
        const added = add(text, "statusLine", ours);
        expect(parse(added)).toEqual({ ...parse(text), statusLine: ours });
        const member = find(added, "statusLine");
        expect(member && remove(added, member)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("a value below is replaced and put back", () => {
    fc.assert(
      fc.property(settingsText, jsonText, fc.string(), (text, other, command) => {
        const had = add(text, "statusLine", { padding: 0, command, type: "command" });
        const at = find(had, "statusLine", "command");
        if (at === null) throw new Error("not found");
        const token = had.slice(at.value.start, at.value.end);
        expect(JSON.parse(token)).toBe(command);
        const wrapped = replace(had, at.value, other);
        expect(parse(wrapped).statusLine.command).toEqual(parse(other));
        const again = find(wrapped, "statusLine", "command");
        expect(again && replace(wrapped, again.value, token)).toBe(had);
      }),
      { numRuns: 500 },
    );
  });

  test("members are those that JSON.parse finds", () => {
    fc.assert(
      fc.property(settingsText, (text) => {
        const at = text.indexOf("{");
        const found = Object.fromEntries(
          membersAt(text, at).map(({ key, value }) => [key, parse(text.slice(value.start, value.end))]),
        );
        expect(found).toEqual(parse(text));
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  ["{}", '{\n  "a": 1\n}'],
  ['{"b":2}', '{"b":2, "a": 1}'],
  ['{ "b": 2 }', '{ "b": 2, "a": 1 }'],
  ['{\n    "b": 2\n}\n', '{\n    "b": 2,\n    "a": 1\n}\n'],
  ['{\r\n\t"b": 2\r\n}', '{\r\n\t"b": 2,\r\n\t"a": 1\r\n}'],
  ['{\n"b": 2}', '{\n"b": 2,\n"a": 1}'],
])("%j gets a member as the others stand: %j", (text, added) => {
  expect(add(text, "a", 1)).toBe(added);
});

test("of a key that stands twice the last one counts, and only that one goes", () => {
  const text = '{"a": 1, "b": 2, "a": 3, "c": 4}';
  const member = find(text, "a");
  expect(member && text.slice(member.value.start, member.value.end)).toBe("3");
  expect(member && remove(text, member)).toBe('{"a": 1, "b": 2, "c": 4}');
});
