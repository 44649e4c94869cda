import { describe, expect, test } from "bun:test";
import { hitsIn, wordsOf } from "../../../plugin/cli/read/hits.ts";

const paper = { columns: 70, colour: true };
const [mark, dim, plain] = ["\u001b[7m", "\u001b[2m", "\u001b[0m"];
const shown = (body: string, query: string) =>
  hitsIn({ body }, wordsOf(query), paper).map((text) =>
    text.trim().startsWith(dim)
      ? text.replace(dim, "").replace(plain, "").trim()
      : text.replaceAll(mark, "[").replaceAll(plain, "]").trim(),
  );

describe("words are marked as the search finds them", () => {
  test.each([
    ["the Migration runs", "migr", "the [Migration] runs"],
    ["Überweisung", "uber", "[Überweisung]"],
    ["to e-mail you", "e-mail", "to [e]-[mail] you"],
    ["use a AND b", "AND use", "[use] a [AND] b"],
    ["今日は移行をします", "移行", "今日は[移行]をします"],
    ["shipped 🚀 now 🚀", "🚀", "shipped [🚀] now [🚀]"],
    ["immigration", "migr", "immigration"],
    ['(x) "y" *', '* "y"', '(x) "[y]" *'],
    ["nothing", "", "nothing"],
  ])("%j by %j", (body, query, marked) => {
    expect(shown(body, query)).toEqual([marked]);
  });
});

test("of a long text the lines around the first hit are shown, and how many follow", () => {
  const filler = "nothing of that kind here ".repeat(20);
  const lines = shown(`${filler}needle ${filler}needle needle`, "needle");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toStartWith("… ");
  expect(lines.slice(0, 2).join(" ")).toContain("[needle]");
  expect(lines[3]).toBe("… 2 more below");
});

test("a text cannot mark or colour anything by itself", () => {
  expect(shown("a \u001b[7mneedle\u001b[0m\u202e b", "needle")).toEqual(["a [needle] b"]);
});
