import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cut } from "../../plugin/core/width.ts";
import { endOf, fitLine, fitted, inRow, inRows, widthOf, widthOfLine } from "../../plugin/view/text.ts";

const texts = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("日", "👩‍👩‍👧‍👦", "é", " ", "a", "\n", "\t", "ｱ") }),
);

describe("honest widths", () => {
  test.each([
    ["hello", 5, "hello"],
    ["hello", 4, "hel…"],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["👩‍👩‍👧‍👦 family", 4, "👩‍👩‍👧‍👦 …"],
    ["a", 0, ""],
  ])("%s in %d places", (text, width, kept) => {
    expect(cut(text, width)).toBe(kept);
  });

  test("cut is never wider, fitted is exactly so wide", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 60 }), (text, width) => {
        const plain = inRow(text);
        expect(widthOf(cut(plain, width))).toBeLessThanOrEqual(width);
        expect(widthOf(fitted(plain, width))).toBe(width);
      }),
    );
  });

  test("a line of several spans", () => {
    fc.assert(
      fc.property(fc.array(texts), fc.integer({ min: 1, max: 60 }), (parts, width) => {
        const line = parts.map((text) => ({ text: inRow(text) }));
        expect(widthOfLine(fitLine(line, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

test.each([
  ["hello", 5, "hello"],
  ["hello", 4, "…llo"],
  ["日本語", 5, "…本語"],
  ["日本語", 4, "…語"],
  [`${"x".repeat(1_000_000)}y`, 3, "…xy"],
])("the end of %s in %d places", (text, width, kept) => {
  expect(endOf(text, width)).toBe(kept);
  expect(widthOf(kept)).toBeLessThanOrEqual(width);
});

describe("foreign text in rows", () => {
  test.each([
    ["one two three", 8, ["one two", "three"]],
    ["abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["日本語日本語", 5, ["日本", "語日", "本語"]],
    ["a\nb\r\nc", 9, ["a", "b", "c"]],
    ["", 9, [""]],
  ])("%j in %d places", (text, width, rows) => {
    expect(inRows(text, width)).toEqual(rows);
  });

  test("no row is too wide, and no letter is lost", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 40 }), (text, width) => {
        const rows = inRows(text, width);
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
        const bare = (some: string) => some.replace(/\s/gu, "");
        expect(bare(rows.join(""))).toBe(bare(inRows(text, 100_000).join("")));
      }),
    );
  });

  test("in one row the end of a line can be seen", () => {
    expect(inRow("ls\nrm -rf ~\u001b[2J")).toBe("ls ⏎ rm -rf ~");
    expect(inRow("ls \r\n\n  rm\u2028")).toBe("ls ⏎ rm");
  });

  test("a million blanks are walked once", () => {
    const blanks = " ".repeat(1_000_000);
    expect(inRow(`${blanks}a${blanks}b`)).toBe("a");
    expect(inRow(`a\n${"\n".repeat(1_000_000)}b`)).toBe("a");
    expect(inRow(`a \n${" \n".repeat(500)}b`)).toBe("a ⏎ b");
  });
});
