import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { makeKeys, verifies } from "../../plugin/core/keys.ts";
import {
  answerIn,
  isGenuineRequest,
  newLetters,
  type PermissionRequest,
  requestText,
  verdictText,
  wholeInput,
} from "../../plugin/core/permission.ts";

const keys = makeKeys();
const plain = {
  id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  letters: "abcde",
  session: keys.id,
  name: "worker",
  role: "worker",
  project: "shop",
  cwd: "/code",
  branch: "main",
  tool: "Bash",
  description: "lists",
  input: '{"command":"ls"}',
  askedAt: 1_772_366_400_000,
  asked: ["a", "b"],
};
const request: PermissionRequest = {
  ...plain,
  publicKey: keys.publicKey,
  signature: keys.sign(requestText(plain)),
};
const verdict = {
  request: plain.id,
  decider: keys.id,
  behavior: "allow" as const,
  reason: null,
  remember: false,
  at: 1_772_366_401_000,
};

const other = (value: unknown): unknown =>
  Array.isArray(value)
    ? [...value, "c"]
    : typeof value === "number"
      ? value + 1
      : typeof value === "boolean"
        ? !value
        : `${value ?? ""}x`;

describe("a request's signature covers every field", () => {
  test("as signed, it is genuine", () => expect(isGenuineRequest(request)).toBe(true));
  for (const field of Object.keys(plain) as (keyof typeof plain)[]) {
    test(`another ${field} breaks it`, () => {
      expect(isGenuineRequest({ ...request, [field]: other(request[field]) })).toBe(false);
    });
  }
  for (const field of ["project", "branch"] as const) {
    test(`no ${field} is another than an empty one`, () => {
      expect(requestText({ ...plain, [field]: null })).not.toBe(requestText({ ...plain, [field]: "" }));
    });
  }
  test("whom it was put to counts in its order and number", () => {
    for (const asked of [["b", "a"], ["a"], [], ["a", "b", "b"], ["a,b"]])
      expect(isGenuineRequest({ ...request, asked })).toBe(false);
  });
  test("another's key cannot sign in its session's name", () => {
    const stranger = makeKeys();
    const { publicKey } = stranger;
    expect(isGenuineRequest({ ...plain, publicKey, signature: stranger.sign(requestText(plain)) })).toBe(
      false,
    );
  });
});

describe("a verdict's signature covers every field, and the whole request", () => {
  const signature = keys.sign(verdictText(verdict, request));
  const holds = (of: typeof verdict, about: PermissionRequest) =>
    verifies({ publicKey: keys.publicKey, text: verdictText(of, about), signature });
  test("as signed, it holds", () => expect(holds(verdict, request)).toBe(true));
  for (const field of Object.keys(verdict) as (keyof typeof verdict)[]) {
    test(`another ${field} breaks it`, () => {
      expect(holds({ ...verdict, [field]: other(verdict[field]) }, request)).toBe(false);
    });
  }
  for (const field of Object.keys(plain) as (keyof typeof plain)[]) {
    test(`a request with another ${field} breaks it`, () => {
      expect(holds(verdict, { ...request, [field]: other(request[field]) } as PermissionRequest)).toBe(false);
    });
  }
});

describe("an answer as people type it", () => {
  for (const [text, behavior] of [
    ["yes abcde", "allow"],
    ["y abcde", "allow"],
    ["YES ABCDE", "allow"],
    ["no abcde", "deny"],
    ["N\tabcDE\n", "deny"],
  ] as const)
    test(JSON.stringify(text), () => expect(answerIn(text)).toEqual({ behavior, letters: "abcde" }));

  for (const text of [
    "",
    "yes",
    "yesabcde",
    "yes abcd",
    "yes abcdef",
    "yes abcle", // no l: it reads as a one
    "yes abc1e",
    "yes abcde!",
    "yes abcde please",
    "oh yes abcde",
    "> yes abcde",
    "yes abcde\nno abcde",
    "yes\u200babcde",
    "yes ab\u200bcde",
    "ｙｅｓ abcde",
    "yes аbcde", // a Cyrillic a
    "yes \u212abcde", // a Kelvin sign
    "yep abcde",
    "allow abcde",
  ])
    test(`${JSON.stringify(text)} is none`, () => expect(answerIn(text)).toBeNull());

  test("of any text is one only if nothing else stands in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (before, after) => {
        const text = `${before}yes abcde${after}`;
        const found = answerIn(text);
        expect(found !== null).toBe(before.trim() === "" && after.trim() === "");
      }),
    );
  });

  test("is looked for in a long text without delay", () => {
    const from = performance.now();
    for (const text of [" ".repeat(1e6), `yes${" ".repeat(1e6)}x`, `yes abcde${" ".repeat(1e6)}x`])
      expect(answerIn(text)).toBeNull();
    expect(performance.now() - from).toBeLessThan(500);
  });

  test("fits the letters that are made, which are not the same twice", () => {
    const made = Array.from({ length: 300 }, newLetters);
    for (const letters of made) expect(answerIn(`yes ${letters}`)?.letters).toBe(letters);
    expect(new Set(made).size).toBeGreaterThan(295);
  });
});

test("an input is whole if it is an object of its own", () => {
  expect(wholeInput('{"command":"ls"}')).toEqual({ command: "ls" });
  for (const text of ["", "{", '{"command":"l', "[]", "null", "7", '"ls"', "ls"])
    expect(wholeInput(text)).toBeNull();
});
