import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A line that gives a command's name another meaning. */
export interface ShellLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const files = [
  ".profile",
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".bash_aliases",
  ".zshenv",
  ".zprofile",
  ".zshrc",
  ".zlogin",
  ".aliases",
  ".config/fish/config.fish",
];
const folders = [".config/fish/conf.d", ".config/fish/functions"];

/** Aliases and functions of this name in a person's shell start files. */
export function redefinitions(name: string, home: string, zdotdir?: string): readonly ShellLine[] {
  const own = files.map((file) => join(home, file));
  const zsh = zdotdir === undefined ? [] : files.slice(5, 9).map((file) => join(zdotdir, file));
  const fish = folders.flatMap((folder) => list(join(home, folder)));
  return [...new Set([...own, ...zsh, ...fish])].flatMap((file) => linesIn(file, name));
}

function linesIn(file: string, name: string): ShellLine[] {
  const word = name.replaceAll(/[^\w]/g, "\\$&");
  // bash, zsh: alias x=…, alias -g x=…, x() {…}, function x {…}; fish: alias x '…', abbr x …, function x.
  const meaning = new RegExp(
    `(?:^|[;&]\\s*)\\s*(?:(?:alias|abbr)\\s+(?:-\\S+\\s+)*["']?${word}["']?(?:=|\\s)|function\\s+${word}(?![\\w-])|${word}\\s*\\(\\s*\\))`,
  );
  return read(file)
    .split("\n")
    .map((text, i) => ({ file, line: i + 1, text: text.trim() }))
    .filter(({ text }) => !text.startsWith("#") && meaning.test(text));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".fish"))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
