import { expect, test } from "bun:test";
import fc from "fast-check";
import { commandLine, quote } from "../../../plugin/cli/run/quote.ts";

const word = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("$HOME", "`id`", "a'b", "\\", "\u001b[31m", "-x", "~", "!!", "\u202e"),
  )
  .map((text) => text.toWellFormed().replaceAll("\0", ""));

test("a shell reads each word back as it was", () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (words) => {
      const env = { LC_ALL: "C.UTF-8", PATH: "/usr/bin:/bin" };
      const script = `printf '%s\\0' ${commandLine(words)}`;
      const { stdout } = Bun.spawnSync(["bash", "-c", script], { env });
      expect(stdout.toString().split("\0").slice(0, -1)).toEqual(words.length === 0 ? [""] : words);
    }),
    { numRuns: 60 },
  );
});

test("nothing that a terminal obeys is left in it", () => {
  fc.assert(
    fc.property(word, (text) => {
      expect(quote(text)).not.toMatch(/[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?!\n)\p{Cc}/u);
    }),
  );
});

test.each([
  ["plain-1.2/a", "plain-1.2/a"],
  ["", "''"],
  ["two words", "'two words'"],
  ["it's", "'it'\\''s'"],
  ["a\nb", "'a\nb'"],
  ["a\u001bb'", "$'a\\033b\\''"],
])("%j is written %s", (text, written) => {
  expect(quote(text)).toBe(written);
});
