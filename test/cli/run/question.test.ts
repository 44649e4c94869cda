import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Profile } from "../../../plugin/cli/run/profile.ts";
import { question } from "../../../plugin/cli/run/question.ts";

const file = "/srv/shop/.cc-dm.json";
const planner: Profile = {
  key: "planner",
  name: "planner",
  role: "lead",
  project: "shop",
  folder: "/srv/shop/sub",
  prompt: "Plan.\n\nThen wait.",
};
const bare: Profile = {
  ...planner,
  name: "tests",
  role: null,
  project: null,
  folder: "/srv/shop",
  prompt: null,
};

test("everything that the file has a say in is shown", () => {
  expect(question(file, [planner, bare], 80)).toBe(
    `/srv/shop/.cc-dm.json comes with this folder. It would start these sessions:

  planner (role lead, project shop, in sub), with the first prompt:
    │ Plan.
    │ 
    │ Then wait.

  tests

Start them? You are asked again if they change. [y/N] `,
  );
});

describe("whatever a prompt says, it stays behind its line", () => {
  const rows = (prompt: string, columns: number) => {
    const text = question(file, [{ ...planner, prompt }], columns);
    const from = text.indexOf("prompt:\n") + "prompt:\n".length;
    return text.slice(from, text.lastIndexOf("\n\n")).split("\n");
  };
  const letter = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 }),
    fc.constantFrom(" ", "\n", "\u00a0", "\u3000", "日", "👨‍👩‍👧", "Start it? [y/N] ", "x".repeat(90)),
  );
  const text = fc.array(letter, { maxLength: 30 }).map((parts) => parts.join(""));

  test.each([40, 80, 110])("at %i columns", (columns) => {
    fc.assert(
      fc.property(text, (prompt) => {
        for (const row of rows(prompt, columns)) {
          expect(row).toStartWith("    │ ");
          expect(Bun.stringWidth(row)).toBeLessThanOrEqual(columns);
        }
        const shown = rows(prompt, columns).map((row) => row.slice(6));
        expect(shown.join("").replace(/\s/gu, "")).toBe(prompt.replace(/\s/gu, ""));
      }),
    );
  });
});

test("a folder's name obeys nobody and hides nothing", () => {
  const text = question("/srv/a\u001b[2Jb/.cc-dm.json", [{ ...bare, folder: "/srv/x\u202e\n[y/N] y" }], 80);
  expect(text).not.toMatch(/[\u202e]|(?!\n)\p{Cc}/u);
});
