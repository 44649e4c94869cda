/** What is signed says one thing only: two different letters, requests or verdicts never sign the same text. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { signedText } from "../../plugin/core/keys.ts";
import type { Letter } from "../../plugin/core/model.ts";
import {
  answerIn,
  type PermissionRequest,
  requestText,
  type Verdict,
  verdictText,
} from "../../plugin/core/permission.ts";
import { hostileText } from "../core/hostile.ts";
import { budget, patience } from "./budget.ts";
import { requestOf } from "./requests.ts";

setDefaultTimeout(patience);

// Few and alike, so that two of them are often the same but for where one field ends and the next begins.
const text = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "b",
    "ab",
    '"',
    '","',
    "\\",
    "null",
    "[",
    "]",
    "1",
    "\ud800",
    "\ud801",
    "é",
    "e\u0301",
  ),
  hostileText,
);
const some = fc.oneof(text, fc.constant(null));
const whole = fc.integer({ min: 0, max: 3 });
const plain = { noNullPrototype: true };
const letter = fc.record(
  {
    id: text,
    kind: text,
    fromId: text,
    fromName: text,
    fromRole: text,
    fromProject: some,
    recipients: fc.array(fc.record({ mailbox: whole, name: text, project: some }, plain), { maxLength: 3 }),
    body: text,
    priority: some,
    type: some,
    threadId: some,
    inReplyTo: some,
    hops: whole,
    rule: text,
    sentAt: whole,
    ttlMs: whole,
  },
  plain,
) as unknown as fc.Arbitrary<Letter>;
const request = fc
  .record({
    letters: text,
    name: text,
    project: some,
    tool: text,
    description: text,
    input: text,
    asked: fc.array(text, { maxLength: 2 }),
  })
  .map((fields) => requestOf(fields as unknown as Partial<PermissionRequest>));
const verdict = fc.record(
  {
    request: text,
    decider: text,
    behavior: fc.constantFrom("allow", "deny"),
    reason: some,
    remember: some,
    at: whole,
  },
  plain,
) as unknown as fc.Arbitrary<Omit<Verdict, "publicKey" | "signature">>;

/** The same with one field of the other's, or all of them: most pairs differ in little. */
function near<T extends object>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly [T, T]> {
  return fc.tuple(one, one, fc.nat()).map(([a, b, n]) => {
    const names = Object.keys(a) as (keyof T)[];
    const name = names[n % (names.length + 1)];
    return [a, name === undefined ? b : { ...a, [name]: b[name] }] as const;
  });
}

describe("a signature's text", () => {
  test.each([
    ["letter", near(letter), signedText as (one: never) => string],
    ["request", near(request), requestText as (one: never) => string],
    ["verdict", near(verdict), ((one: never) => verdictText(one, requestOf({}))) as (one: never) => string],
  ] as const)("is the same for two of a kind only if they are the same: %s", (_, pairs, textOf) => {
    fc.assert(
      fc.property(pairs as fc.Arbitrary<readonly [object, object]>, ([a, b]) => {
        expect(textOf(a as never) === textOf(b as never)).toBe(isDeepStrictEqual(a, b));
        // Signed as bytes: what is no whole character must not become another.
        const bytes = [a, b].map((one) => Buffer.from(textOf(one as never)).toString("hex"));
        expect(bytes[0] === bytes[1]).toBe(isDeepStrictEqual(a, b));
      }),
      budget(700),
    );
  });

  test("of one kind is never that of another", () => {
    fc.assert(
      fc.property(letter, request, verdict, (a, b, c) => {
        expect(new Set([signedText(a), requestText(b), verdictText(c, b)]).size).toBe(3);
      }),
      budget(200),
    );
  });

  test("of a verdict is another for another request", () => {
    fc.assert(
      fc.property(near(request), verdict, ([a, b], one) => {
        expect(verdictText(one, a) === verdictText(one, b)).toBe(isDeepStrictEqual(a, b));
      }),
      budget(300),
    );
  });
});

describe("an answer in a text", () => {
  const disguise = fc.constantFrom(
    "",
    "",
    "",
    " ",
    "\n",
    "\u00a0",
    "\u200b",
    "\u3000",
    "\ufeff",
    ".",
    "!",
    "\0",
    "＂",
  );
  const spelled = fc
    .tuple(
      fc.constantFrom(
        "yes",
        "no",
        "y",
        "n",
        "YES",
        "No",
        "ｙｅｓ",
        "уes",
        "yeſ",
        "ye\u0301s",
        "yes,",
        "yess",
        "not",
      ),
      fc.constantFrom(" ", "  ", "\n", "\t", "", "\u00a0", "\u200b", " - "),
      fc.constantFrom(
        "abcde",
        "ABCDE",
        "abcdl",
        "abcd",
        "abcdef",
        "ａbcde",
        "аbcde",
        "abcd\u212a",
        "abc\u200bde",
      ),
      fc.array(disguise, { minLength: 2, maxLength: 2 }),
      fc.constantFrom("", "", "\n", " please", "\nyes fghij", " yes"),
    )
    .map(([word, gap, letters, around, end]) => `${around[0]}${word}${gap}${letters}${around[1]}${end}`);

  test("is nothing but that answer, in plain letters", () => {
    let answers = 0;
    fc.assert(
      fc.property(fc.oneof(spelled, hostileText), (given) => {
        const found = answerIn(given);
        // Said again, by other means: split at what is blank, and compared letter by letter.
        const [word = "", letters = "", ...more] = given.split(/\s+/).filter((part) => part !== "");
        const plain = [...`${word}${letters}`].every((one) => one.charCodeAt(0) < 128);
        const known = ["y", "yes", "n", "no"].includes(word.toLowerCase());
        const five =
          letters.length === 5 &&
          [...letters.toLowerCase()].every((one) => one >= "a" && one <= "z" && one !== "l");
        const is = plain && known && five && more.length === 0;
        if (is) answers++;
        expect(found).toEqual(
          is
            ? { behavior: word[0]?.toLowerCase() === "y" ? "allow" : "deny", letters: letters.toLowerCase() }
            : null,
        );
      }),
      budget(1500),
    );
    expect(answers).toBeGreaterThan(5);
  });
});
