import { expect, test } from "bun:test";
import fc from "fast-check";
import { firstLines, fold } from "../../../plugin/cli/terminal/paper.ts";
import { line } from "../../../plugin/cli/terminal/plain.ts";

const letters = new Intl.Segmenter();

test("no line is longer than the columns, and nothing but blanks is lost", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.lorem({ maxCount: 30 }),
    fc
      .array(
        fc.constantFrom("移行をします。", "🚀", "👩‍👩‍👧‍👦", " ", "word", "x".repeat(50), "e\u0301", "שלום"),
      )
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 60 }), (given, columns) => {
      const plain = line(given);
      const lines = fold(plain, columns);
      // A letter that is wider than the columns stands alone: "𝅘𝅥𝅮" takes three places.
      const folded = lines.filter((one) => [...letters.segment(one)].length > 1);
      for (const one of folded) expect(Bun.stringWidth(one)).toBeLessThanOrEqual(columns);
      expect(lines.join("").replaceAll(" ", "")).toBe(plain.replaceAll(" ", ""));
    }),
    { examples: [["a 𝅘𝅥𝅮b", 2]] },
  );
});

test.each<[string, number, readonly string[]]>([
  ["", 10, [""]],
  ["one two three", 7, ["one two", "three"]],
  ["one two three", 13, ["one two three"]],
  ["  indented code", 20, ["  indented code"]],
  ["\tindented", 20, ["    indented"]],
  ["go 移行をします now", 8, ["go 移行", "をします", "now"]],
  ["a verylongwordindeed b", 8, ["a verylo", "ngwordin", "deed b"]],
])("%j in %d columns", (text, columns, lines) => {
  expect(fold(text, columns)).toEqual(lines);
});

test("a text of a million letters is laid out at once", () => {
  expect(fold("x".repeat(1_000_000), 80)).toHaveLength(12_500);
});

test.each([
  ["one two three", 80, 2, ["one two three"]],
  ["one two three four five six", 20, 2, ["one two three four", "five six"]],
  ["one two three four five six seven eight nine", 20, 2, ["one two three four", "five six seven eigh…"]],
  [`${"x".repeat(30)} y`, 20, 2, [`${"x".repeat(19)}…`, "y"]],
])("the first lines of %j in %d columns, %d at most", (text, columns, most, lines) => {
  expect(firstLines(text, columns, most)).toEqual(lines);
});
