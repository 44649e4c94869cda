import { expect, test } from "bun:test";
import fc from "fast-check";
import { readKeys } from "../../plugin/view/keys.ts";

const read = (input: string) =>
  readKeys(input, true).keys.map((key) => ("text" in key ? `${key.name} ${key.text}` : key.name));

test.each([
  ["q", ["text q"]],
  ["jk", ["text j", "text k"]],
  ["é日", ["text é", "text 日"]],
  ["👍", ["text 👍"]],
  ["\u001b[A\u001b[B", ["up", "down"]],
  ["\u001bOA", ["up"]],
  ["\u001b[1;5C", ["right"]],
  ["\u001b[5~\u001b[6~", ["page up", "page down"]],
  ["\u001b[1~\u001b[4~\u001b[H\u001b[F", ["home", "end", "home", "end"]],
  ["\t\u001b[Z", ["tab", "back tab"]],
  ["\r", ["enter"]],
  ["\u001b", ["escape"]],
  ["\u001bx", ["escape", "text x"]],
  ["\u007f\u0015", ["backspace", "erase"]],
  ["\u0003", ["interrupt"]],
  ["\u0004", ["interrupt"]],
  ["\u0001\u0002", []],
  ["\u001b[200~y\ny\u001b[201~n", ["paste y\ny", "text n"]],
  ["\u001b[13;5u", []],
])("%j", (input, keys) => {
  expect(read(input)).toEqual(keys);
});

test.each(["\u001b", "\u001b[", "\u001b[1;", "\u001bO"])("%j waits for the rest of a key", (input) => {
  expect(readKeys(input, false)).toEqual({ keys: [], rest: input });
  expect(readKeys(`${input}`, true).keys[0]).toEqual({ name: "escape" });
});

test("a paste is none until its end is there, so that no part of it is taken for keys", () => {
  expect(readKeys("\u001b[200~yyy", true)).toEqual({ keys: [], rest: "\u001b[200~yyy" });
});

test("in pieces or at once: the same keys", () => {
  const part = fc.constantFrom("a", "日", "👍", "\u001b[A", "\u001b[5~", "\r", "\u001b[200~y\u001b[201~");
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join("");
      let rest = "";
      const keys = [];
      for (const piece of text.split(/(?=[\s\S])/u)) {
        const got = readKeys(rest + piece, false);
        keys.push(...got.keys);
        rest = got.rest;
      }
      expect([...keys, ...readKeys(rest, true).keys]).toEqual([...readKeys(text, true).keys]);
    }),
  );
});
