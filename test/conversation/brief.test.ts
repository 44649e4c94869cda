import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { brief, cutTo, oneLine, share } from "../../plugin/conversation/brief.ts";
import type { Turn } from "../../plugin/conversation/turn.ts";

const bytes = (text: string) => Buffer.byteLength(text);
const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 200 }), { maxLength: 12 });

describe("texts that share some room", () => {
  test("stay within it, whatever they are, and tell what was left out of each", () => {
    fc.assert(
      fc.property(texts, fc.nat(1000), (some, room) => {
        const pieces = share(some, room);
        expect(pieces.reduce((sum, { text }) => sum + bytes(text), 0)).toBeLessThanOrEqual(room);
        for (const [i, { text, left }] of pieces.entries()) {
          expect(text.isWellFormed()).toBe(true);
          expect(some[i]).toStartWith(text);
          expect(text.length + left).toBe(some[i]?.length as number);
        }
      }),
    );
  });

  test("stay whole where there is room for all, and short ones where there is not", () => {
    fc.assert(
      fc.property(texts, (some) => {
        const all = some.reduce((sum, text) => sum + bytes(text), 0);
        expect(share(some, all).map(({ text }) => text)).toEqual(some);
      }),
    );
    const [short, long, longer] = share(["short", "x".repeat(500), "y".repeat(900)], 405);
    expect(short).toEqual({ text: "short", left: 0 });
    expect([long?.left, longer?.left]).toEqual([300, 700]);
  });
});

test("a text is cut between letters", () => {
  expect(cutTo("ab", 6)).toEqual({ text: "ab", left: 0 });
  expect(cutTo("漢字漢字", 7)).toEqual({ text: "漢字", left: 2 });
  expect(cutTo("a😀b", 4)).toEqual({ text: "a", left: 3 });
  expect(cutTo("abc", 0)).toEqual({ text: "", left: 3 });
});

test("one line of many is one line, and not longer than asked for", () => {
  expect(oneLine("a\n\t b  c", 80)).toBe("a b c");
  expect(oneLine("x".repeat(100), 10)).toBe(`${"x".repeat(10)}…`);
  expect(oneLine(`${" ".repeat(1000)}x`, 10)).toBe("…");
});

describe("a turn in short", () => {
  const turn = (answers: readonly string[], tools = 0): Turn => ({
    number: 1,
    at: null,
    until: null,
    prompt: { by: "person", text: "do it" },
    events: [
      ...answers.map((text) => ({ kind: "answer", text }) as const),
      ...Array.from({ length: tools }, (_, i) => ({
        ...({ kind: "tool", name: "Bash", input: `command: run ${i}` } as const),
        result: i === 0 ? null : { text: "", failed: i === 1 },
      })),
    ],
  });
  const plain = (text: string) => text;

  test("has all of the answer, or of a long one what was said last", () => {
    expect(brief(turn(["one", "two"]), 1000, plain).answer).toEqual({ text: "one\n\ntwo", left: 0 });
    expect(brief(turn(["x".repeat(1000), "the end"]), 1000, plain).answer.text).toBe("the end");
    expect(brief(turn(["x".repeat(1000)]), 1000, plain).answer).toEqual({ text: "x".repeat(500), left: 500 });
  });

  test("names its tools, how they ended, and how many more there were", () => {
    const { tools, moreTools } = brief(turn([], 15), 1000, plain);
    expect(tools.slice(0, 3)).toEqual(["Bash: run 0 (no result)", "Bash: run 1 (failed)", "Bash: run 2"]);
    expect([tools.length, moreTools]).toEqual([12, 3]);
  });

  test("is masked before it is cut, so that no piece of a secret is left at an end", () => {
    const secret = ["sk-", "ant-api03-abcdefghijklmnop1234"].join("");
    const veil = (text: string) => text.replaceAll(secret, "[masked]");
    const shown = brief(turn([`${"x".repeat(490)}${secret}`]), 1000, veil).answer.text;
    expect(shown).not.toContain("sk-");
  });
});
