import { expect, test } from "bun:test";
import { soughtBy } from "../../plugin/core/words.ts";

test.each<[string, readonly string[], readonly string[]]>([
  ["login page", ["login", "page"], []],
  ["  port\t8080\n", ["port", "8080"], []],
  ["移行 login", ["login"], ["移行"]],
  ["deploy🚀 x", ["x"], ["deploy🚀"]],
  ['" ( * -', [], []],
  ["", [], []],
  ["a\u0000b", ["a", "b"], []],
])("%j", (query, words, literal) => {
  expect(soughtBy(query)).toEqual({ words, literal });
});
