import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { palette, parse, plain } from "../../scripts/pictures/ansi.ts";
import { svg } from "../../scripts/pictures/svg.ts";
import { root } from "./pages.ts";

const esc = "\u001b";

describe("a terminal's screen is read", () => {
  const styled: readonly (readonly [string, string, object])[] = [
    ["nothing", "a", {}],
    ["bold and dim", `${esc}[1;2ma`, { bold: true, dim: true }],
    ["one of sixteen colours", `${esc}[31;102ma`, { ink: palette[1] ?? "", paper: palette[10] ?? "" }],
    ["one of 256", `${esc}[38;5;196;48;5;244ma`, { ink: "#ff0000", paper: "#808080" }],
    ["any colour", `${esc}[38;2;1;2;255ma`, { ink: "#0102ff" }],
    ["colons between the numbers", `${esc}[38:5:231ma`, { ink: "#ffffff" }],
    ["what is taken back", `${esc}[1;3;4;7;31;41m${esc}[22;23;24;27;39;49ma`, {}],
    ["all that is taken back", `${esc}[1;31m${esc}[ma`, {}],
  ];
  test.each(styled)("with %s", (_, screen, style) => {
    expect(parse(screen)).toEqual([[{ text: "a", column: 0, width: 1, style: { ...plain, ...style } }]]);
  });

  test("in columns: wide signs take two, and titles and links none", () => {
    const link = `${esc}]8;;https://example.org${esc}\\`;
    const [line] = parse(`日本${esc}[1mx${link}✉y`);
    expect(line?.map(({ text, column, width }) => [text, column, width])).toEqual([
      ["日本", 0, 4],
      ["x", 4, 1],
      ["✉y", 5, 2],
    ]);
  });

  test("and a style holds on over the end of a line", () => {
    const lines = parse(`${esc}[1ma\nb`);
    expect(lines.map(([run]) => run?.style.bold)).toEqual([true, true]);
  });
});

describe("a picture", () => {
  const draw = (screen: string) => svg([{ title: "a & b", screen, columns: 10, rows: 2 }], 'said "so"');

  test("has its text as text, each part on its place of the grid", () => {
    expect(draw("ab  <c>")).toMatch(/<text x="0" y="13.5" textLength="16.8"[^>]*>ab<\/text>/);
    expect(draw("ab  <c>")).toMatch(/<text x="33.6" y="13.5" textLength="25.2"[^>]*>&lt;c&gt;<\/text>/);
  });

  test("draws lines as lines, over the whole cell, and keeps them as text to copy", () => {
    const drawn = draw("│");
    expect(drawn).toContain('d="M4.2 9L4.2 0M4.2 9L4.2 18"');
    expect(drawn).toMatch(/<text class="n"[^>]*>│<\/text>/);
  });

  test("shows no row below the last", () => {
    expect(draw("1\n2\n3")).not.toContain(">3<");
  });

  test("is the same for the same screen, and says what is to be seen", () => {
    expect(draw("x")).toBe(draw("x"));
    expect(draw("x")).toContain("<title>said &quot;so&quot;</title>");
  });
});

describe("the pictures in docs/pictures", () => {
  const folder = join(root, "docs/pictures");
  test.each(readdirSync(folder))("%s names no machine, loads nothing, runs nothing", (name) => {
    const text = readFileSync(join(folder, name), "utf8");
    expect(
      text.match(/\/(home|root|Users|tmp|private|var)\/|<script|<image|<foreignObject|@import/g),
    ).toBeNull();
    expect(text.match(/url\(|(?<!xmlns=")https?:/g)).toBeNull();
  });
});
