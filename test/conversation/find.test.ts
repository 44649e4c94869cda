import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { finder } from "../../plugin/conversation/find.ts";

const around = (query: string, text: string) => finder(query)?.around(text) ?? null;

describe("a query", () => {
  test("finds a text that has all its words, in any order and case, also within other words", () => {
    expect(around("LOGIN fix", "I will fix the login now.")).toBe("I will fix the login now.");
    expect(around("log ix", "I will fix the login now.")).not.toBeNull();
    expect(around("login logout", "I will fix the login now.")).toBeNull();
    expect(around("ÄRGER straße", "Viel Ärger auf der Straße")).not.toBeNull();
  });

  test("takes what stands in quotation marks as it stands", () => {
    expect(around('"fix the"', "fix the login")).not.toBeNull();
    expect(around('"the fix"', "fix the login")).toBeNull();
  });

  test("is plain text: no sign in it is a pattern", () => {
    expect(around(".*", "anything")).toBeNull();
    expect(around("a.c(", "abc(")).toBeNull();
    expect(around("f(x)[0]", "call f(x)[0] here")).not.toBeNull();
  });

  test.each(["", "   ", '""', '"" ""', '"'])("%j has no word", (query) => {
    expect(finder(query)).toBeNull();
  });

  test("shows what stands around, and that there is more", () => {
    const found = around("needle", `${"a ".repeat(500)}needle${" b".repeat(500)}`) ?? "";
    expect(found).toMatch(/^… a .*needle b .* …$/);
    expect(found.length).toBeLessThan(600);
    expect(around("needle", "x\ud83d\ude00needle")?.isWellFormed()).toBe(true);
  });

  test("shows the word it found, whatever letters stand before", () => {
    // İ becomes two letters in lower case.
    const text = `${"İ".repeat(1000)} needle ${"x".repeat(1000)}`;
    expect(around("NEEDLE", text)).toContain("needle");
    expect(around("i̇", "İ")).toBeNull();
  });

  test("finds whatever piece of a text it is given", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (whole, a, b) => {
        const from = a % whole.length;
        const piece = whole.slice(from, from + 1 + (b % 8));
        fc.pre(piece.trim() !== "" && !piece.includes('"') && piece.trim() === piece);
        fc.pre(whole.toLowerCase().length === whole.length);
        fc.pre(piece.isWellFormed()); // half of a letter is none
        expect(finder(`"${piece}"`)?.maybe(whole)).toBe(true);
      }),
      { examples: [["ΟΔΟΣΑ", 0, 3]] }, // the piece "ΟΔΟΣ" ends in another small letter by itself
    );
  }, 30_000);

  test("is one walk over ten megabytes for each word", () => {
    const from = performance.now();
    expect(around(`${"a".repeat(100)}b ${"a".repeat(90)}c`, "a".repeat(10e6))).toBeNull();
    expect(performance.now() - from).toBeLessThan(60_000);
  });
});
