import { expect, test } from "bun:test";
import fc from "fast-check";
import { cut, pad, widest } from "../../../plugin/cli/terminal/paper.ts";
import { hidesSomething, json, line } from "../../../plugin/cli/terminal/plain.ts";

const foreign = fc.string({ unit: "binary" });

test("JSON for a script says exactly what is there, in characters that are seen", () => {
  fc.assert(
    fc.property(foreign, (text) => {
      const written = json({ text });
      expect(JSON.parse(written)).toEqual({ text });
      expect(written.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
    }),
  );
});

test("foreign text in a line is one line that a terminal only shows", () => {
  fc.assert(
    fc.property(foreign, (text) => {
      expect(line(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test.each([
  ["ls\nrm -rf ~", "ls ⏎ rm -rf ~"],
  ["ls \r\n  rm", "ls ⏎ rm"],
  ["ls\u2028rm", "ls ⏎ rm"],
  ["\n ls\n\n \n\trm\u0085", "ls ⏎ rm"],
  [`ls${" ".repeat(500)}; rm`, "ls ; rm"],
  ["a\u001b[8mb\u001b[0m", "ab"],
])("%j is shown as %s", (text, shown) => {
  expect(line(text)).toBe(shown);
});

test("a million blanks are walked once", () => {
  expect(line(`${" ".repeat(1_000_000)}a${" ".repeat(1_000_000)}b`)).toBe("a b");
});

test.each([
  ["npm test", false],
  ["a\n\tb", false],
  ["✔️ done", false],
  ["rm\u200b -rf", true],
  ["a\u001b[8m; rm", true],
  ["\u202etxt.exe", true],
])("%j hides something: %p", (text, expected) => {
  expect(hidesSomething(text)).toBe(expected);
});

test("a text that is cut fits, and says that it was cut", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 40 }), (given, width) => {
      const text = line(given);
      const shown = cut(text, width);
      expect(Bun.stringWidth(shown)).toBeLessThanOrEqual(width);
      if (shown !== text) expect(shown).toEndWith("…");
    }),
  );
});

test("columns are as wide as they look", () => {
  expect(widest(["ab", "日本"])).toBe(4);
  expect(pad("日本", 6)).toBe("日本  ");
  expect(cut("日本語", 5)).toBe("日本…");
});
