/** Every `cc-dm …` that stands on a page is a command that there is, with options that it has. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { allCommands } from "../../plugin/cli/commands.ts";
import { cliPage } from "../../scripts/cli-page.ts";
import { blocks, type Page, pages, prose, quoted, root } from "./pages.ts";
import { callsOn } from "./shell.ts";

const commands = await allCommands();
/** In shell blocks all lines; where output is shown too, those behind a prompt. */
function linesOf(page: Page): readonly string[] {
  const shown = blocks(page).flatMap(({ language, text }) => {
    const lines = text.replaceAll("\\\n", " ").split("\n");
    return language === "sh" ? lines : lines.filter((line) => /^\$ /.test(line));
  });
  const inline = quoted(prose(page)).filter((text) => text.startsWith("cc-dm "));
  return [...shown, ...inline];
}

/** Options of the client on our pages, for a command that hands them on. */
const clients = { model: { type: "string" }, "permission-mode": { type: "string" } } as const;

/** What is wrong with a call, or null. */
function fault(words: readonly string[]): string | null {
  const line = ["cc-dm", ...words].join(" ");
  const [name, ...rest] = words;
  if (name === undefined || ["help", "--help", "--version", "-V", "COMMAND"].includes(name)) return null;
  const command = commands.find((one) => one.name === name);
  if (command === undefined) return `${line}: no such command`;
  const help = { help: { type: "boolean", short: "h" } } as const;
  const options = { ...command.options, ...help, ...(command.forwards ? clients : {}) };
  try {
    // Placeholders such as ID… are operands like any other.
    parseArgs({ args: [...rest], options, allowPositionals: true });
    return null;
  } catch (error) {
    return `${line}: ${(error as Error).message}`;
  }
}

describe("each cc-dm command line", () => {
  for (const page of pages()) {
    test(`in ${page.path} can be typed`, () => {
      expect(linesOf(page).flatMap((line) => callsOn(line).flatMap((words) => fault(words) ?? []))).toEqual(
        [],
      );
    });
  }

  test("that is wrong is noticed, wherever it stands", () => {
    const text = [
      "Run `cc-dm whoo`, or `cc-dm doctor --quite`.",
      "```sh",
      'X=1 cc-dm doctor --json | head && answer="$(cc-dm approvals --al)" # cc-dm nothing',
      "source <(cc-dm completion zsh)",
      "```",
      "```",
      "cc-dm is no command line here",
      "$ cc-dm deny ID --reason 'no such --option'",
      "```",
    ].join("\n");
    const calls = linesOf({ path: "x.md", text }).flatMap(callsOn);
    expect(calls).toEqual([
      ["doctor", "--json"],
      ["approvals", "--al"],
      ["completion", "zsh"],
      ["deny", "ID", "--reason", "no such --option"],
      ["whoo"],
      ["doctor", "--quite"],
    ]);
    expect(calls.map((words) => fault(words) === null)).toEqual([true, false, false, true, false, false]);
  });
});

test("docs/cli.md is what the commands say of themselves", async () => {
  const page = readFileSync(join(root, "docs/cli.md"), "utf8");
  // After a change to a command: bun scripts/cli-page.ts
  expect(page).toBe(await cliPage(page));
});

test("the examples in each command's help can be typed", () => {
  const lines = commands.flatMap(({ examples }) => examples.map(([line]) => line.replaceAll("\\\n", " ")));
  const calls = lines.flatMap((line) => line.split("\n").flatMap(callsOn));
  expect(calls.length).toBeGreaterThanOrEqual(commands.length);
  expect(calls.flatMap((words) => fault(words) ?? [])).toEqual([]);
});
