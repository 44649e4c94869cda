import { expect, test } from "bun:test";
import fc from "fast-check";
import { difference, row } from "../../plugin/view/paint.ts";

test("colours only on paper that has them", () => {
  const line = [{ text: "a", ink: "red" as const }, { text: "b" }];
  expect(row(line, true)).toBe("\u001b[31ma\u001b[0mb");
  expect(row(line, false)).toBe("ab");
});

test("behind letters of doubtful width the column is set anew", () => {
  expect(row([{ text: "日本" }, { text: " x" }, { text: "y" }], false)).toBe("日本\u001b[5G xy");
});

test("nothing that a terminal obeys gets through, whatever a span holds", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  const ours = /\u001b\[\d+G/g;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const text = row(
        texts.map((one) => ({ text: one })),
        false,
      ).replace(ours, "");
      expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
  expect(row([{ text: "a\u001b]0;title\u0007\u009b2Jb\u202ec" }], false).replace(ours, "")).toBe(
    "a]0;title2Jbc",
  );
});

test("only rows that differ are written, and nothing where none does", () => {
  expect(difference(["a", "b"], ["a", "b"])).toBe("");
  expect(difference(["a", "b"], ["a", "c"])).toContain("\u001b[2;1H\u001b[Kc");
  expect(difference(["a", "b"], ["a", "c"])).not.toContain("\u001b[1;1H");
});
