/** The last row of the screen. */
import { describe, expect, test } from "bun:test";
import { foot } from "../../plugin/view/foot.ts";
import { widthOfLine } from "../../plugin/view/text.ts";
import { atStart, type Ui } from "../../plugin/view/ui.ts";
import { entry, party, request, scene } from "./scenes.ts";

const message = entry("planner", { backend: "seen" });
const asked = request("kxqpa");
const shown = scene({ sessions: [party("backend")], requests: [asked], messages: [message] });

function text(ui: Partial<Ui>, columns: number, below = 0): string {
  const line = foot(shown, { ...atStart, ...ui }, { below }, columns);
  expect(widthOfLine(line)).toBeLessThanOrEqual(columns);
  return line.map((span) => span.text).join("");
}

describe("the keys that do something here", () => {
  test.each([
    [100, " tab part   ↑↓ move   enter open   m message   p project   / filter   ? help   q quit"],
    [80, " tab part  ↑↓ move  enter open  m message  p project  / filter  ? help  q quit"],
    [70, " ↑↓ move  enter open  m message  p project  / filter  ? help  q quit"],
    [60, " enter open  m message  p project  / filter  ? help  q quit"],
    [50, " enter open  m message  / filter  ? help  q quit"],
    [40, " enter open  m message  ? help  q quit"],
  ])("all that fit in %d columns, none cut, help and the way out always", (columns, keys) => {
    expect(text({}, columns)).toBe(keys);
  });

  test("of a request, with how much is below it", () => {
    const over = { kind: "request", id: asked.id, top: 0 } as const;
    expect(text({ over }, 60, 12)).toBe(" ↓ 12 more below  y allow   n deny   esc back");
    expect(text({ over }, 40, 12)).toBe(" ↓ 12  y allow   n deny   esc back");
  });

  test("of a message", () => {
    const over = { kind: "message", id: message.message.id, top: 0 } as const;
    expect(text({ over }, 40, 1234)).toBe(" ↓ 1234  esc back  ↑↓ scroll  m message");
  });
});

describe("what is being typed", () => {
  test("is seen in 40 columns too, its end where it is long", () => {
    const over = { kind: "reason", id: asked.id, top: 0, text: "" } as const;
    expect(text({ over: { ...over, text: "use the staging key" } }, 40)).toBe(
      " why not: use the staging key ",
    );
    expect(text({ over: { ...over, text: `${"x".repeat(90)} end` } }, 40)).toEndWith("x end ");
    expect(text({ over: { ...over, text: "" } }, 80)).toContain("enter denies, esc goes back");
  });

  test("to a long name, in wide letters", () => {
    const long = party("テスト".repeat(9));
    const line = foot(
      scene({ sessions: [long] }),
      { ...atStart, over: { kind: "write", id: long.id, top: 0, text: "日本".repeat(20) } },
      { below: 0 },
      40,
    );
    expect(widthOfLine(line)).toBeLessThanOrEqual(40);
    expect(line.map((span) => span.text).join("")).toMatch(/^ to テスト.*…: ….*日本 $/);
  });
});
