import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { redefinitions } from "../../plugin/host/shell.ts";
import { scratch } from "../fakes/scratch.ts";

function withFile(file: string, text: string) {
  const home = scratch();
  mkdirSync(dirname(join(home, file)), { recursive: true });
  writeFileSync(join(home, file), text);
  return redefinitions("cc-dm", home).map(({ line, text: found }) => [line, found]);
}

test.each([
  [".bashrc", "alias cc-dm='claude --channels x'"],
  [".bash_aliases", "  alias cc-dm=x"],
  [".zshrc", "alias -g cc-dm=x"],
  [".zshrc", "export A=1; alias cc-dm=x"],
  [".bashrc", "cc-dm() { claude; }"],
  [".bashrc", "cc-dm () {"],
  [".zshenv", "function cc-dm {"],
  [".config/fish/config.fish", "alias cc-dm 'claude'"],
  [".config/fish/config.fish", "abbr -a cc-dm claude"],
  [".config/fish/functions/cc-dm.fish", "function cc-dm --description 'x'"],
  [".config/fish/conf.d/mine.fish", "function cc-dm"],
])("%s: %s is told, with its line", (file, text) => {
  expect(withFile(file, `# first\n${text}\n`)).toEqual([[2, text.trim()]]);
});

test.each([
  "# alias cc-dm=x",
  "alias cc-dm-old=x",
  "alias c='cc-dm doctor'",
  "function cc-dm-old {",
  "cc-dm doctor",
  "my-cc-dm() {",
  "export PATH=$HOME/cc-dm:$PATH",
])("%s is something else", (text) => {
  expect(withFile(".bashrc", text)).toEqual([]);
});

test("zsh's own folder is looked into", () => {
  const folder = scratch();
  writeFileSync(join(folder, ".zshrc"), "alias cc-dm=x");
  expect(redefinitions("cc-dm", scratch(), folder)).toEqual([
    { file: join(folder, ".zshrc"), line: 1, text: "alias cc-dm=x" },
  ]);
});
