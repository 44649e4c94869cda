import { expect, test } from "bun:test";
import { branches } from "../../../plugin/cli/read/tree.ts";
import { entryOf } from "./entries.ts";

const said = (body: string, inReplyTo: string | null = null, id?: string) =>
  entryOf({ api: "seen" }, { body, inReplyTo, ...(id === undefined ? {} : { id }) });
const laid = (...entries: Parameters<typeof branches>[0]) =>
  branches(entries).map(({ entry, depth }) => `${"-".repeat(depth)}${entry.message.body}`);

test("answers stand below what they answer, each in the order sent", () => {
  const root = said("root");
  const left = said("left", root.message.id);
  const other = said("other");
  const right = said("right", root.message.id);
  const leaf = said("leaf", left.message.id);
  expect(laid(root, left, other, right, leaf)).toEqual(["root", "-left", "--leaf", "-right", "other"]);
});

test("what answers a message that is not here stands at the left", () => {
  expect(laid(said("late", "01GONE"), said("alone"))).toEqual(["late", "alone"]);
});

test("messages that answer each other in a circle are shown once each", () => {
  expect(laid(said("a", "B", "A"), said("b", "A", "B"), said("self", "C", "C"))).toEqual(["a", "-b", "self"]);
});

test("a chain of answers may be as long as it likes", () => {
  const chain = Array.from({ length: 20_000 }, (_, n) =>
    said(`${n}`, n === 0 ? null : `chain-${n - 1}`, `chain-${n}`),
  );
  expect(branches(chain).at(-1)?.depth).toBe(19_999);
});
