import { expect, test } from "bun:test";
import fc from "fast-check";
import { beginning, heading, inOneLine, messageJson, wholeText } from "../../../plugin/cli/read/entry.ts";
import { entryOf } from "./entries.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "שלום",
    "データベース",
    "a\u001b[2Jb",
    "\u202ename",
    "👩‍👩‍👧‍👦".repeat(9),
    "x".repeat(200),
    "two\nlines",
    "",
  ),
);

test("whatever stands in a message, its lines fit and the terminal only shows them", () => {
  fc.assert(
    fc.property(
      hostile,
      hostile,
      hostile,
      fc.integer({ min: 24, max: 120 }),
      (name, body, thread, columns) => {
        const entry = entryOf(
          { [name]: "seen", b: "queued" },
          { fromName: name, body, threadId: thread || null },
        );
        const paper = { columns, colour: false };
        for (const text of [
          ...heading(entry, paper),
          ...beginning(entry.message, paper, 2),
          ...wholeText(entry.message, paper),
        ]) {
          expect(Bun.stringWidth(text)).toBeLessThanOrEqual(columns);
          expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        }
        const one = inOneLine(entry);
        expect(one).toEndWith("\n");
        expect(one.slice(0, -1)).not.toMatch(/\p{Cc}/u);
        expect(messageJson(entry).content).toBe(body);
      },
    ),
  );
});

test("a heading says who, to whom, what, how far, and which it is", () => {
  const entry = entryOf({ api: "seen" }, { priority: "urgent", type: "task", threadId: "T-1" });
  const [text = "", ...more] = heading(entry, { columns: 80, colour: false });
  expect(more).toEqual([]);
  expect(text.slice(8)).toBe(`  lead → api · urgent task · ✓ seen · #T-1 · ${entry.message.id.slice(-8)}`);
});

test("names that run from right to left do not turn the arrow between them", () => {
  const [text = ""] = heading(entryOf({ שלום: "seen" }, { fromName: "مرحبا" }), {
    columns: 80,
    colour: false,
  });
  expect(text).toContain("\u200eمرحبا\u200e → \u200eשלום\u200e");
});

test("of many receivers some are named", () => {
  const [text = ""] = heading(entryOf({ a: "seen", b: "seen", c: "seen", d: "seen" }), {
    columns: 80,
    colour: false,
  });
  expect(text).toContain("lead → a, b and 2 more · broadcast · ✓ all 4 seen");
});

test("what was cut off says so", () => {
  const paper = { columns: 30, colour: false };
  expect(beginning({ body: "short" }, paper, 2)).toEqual(["  short"]);
  expect(beginning({ body: "one\ntwo" }, paper, 2)).toEqual(["  one ⏎ two"]);
  expect(beginning({ body: "word ".repeat(50) }, paper, 2).at(-1)).toEndWith("…");
  expect(beginning({ body: "x".repeat(5_000) }, paper, 500).at(-1)).toEndWith("…");
});
