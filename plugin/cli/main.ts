import { parseArgs } from "node:util";
import { type DmError, isDmError, restartSession } from "../core/errors.ts";
import {
  failedExit,
  type Given,
  type Group,
  type Listed,
  loaded,
  type Named,
  type Options,
  Refused,
  refusedExit,
  type Terminal,
  Usage,
  usageExit,
} from "./command.ts";
import { groups as all } from "./commands.ts";
import { helpOf, helpOfAll } from "./help.ts";
import { suggest } from "./suggest.ts";

/**
 * Finds the command, reads its options, runs it.
 *
 * @param bare what runs without any word.
 * @returns the exit code.
 */
export async function main(
  terminal: Terminal,
  words: readonly string[],
  groups: readonly Group[] = all,
  bare: (terminal: Terminal) => Promise<number> = front,
): Promise<number> {
  try {
    return await (words.length === 0 ? bare(terminal) : dispatch(terminal, words, groups));
  } catch (error) {
    if (error instanceof Usage) {
      terminal.err(`cc-dm: ${error.message}\n`);
      return usageExit;
    }
    if (error instanceof Refused) {
      terminal.err(`cc-dm: refused: ${error.message}\n`);
      return refusedExit;
    }
    terminal.err(`cc-dm: ${isDmError(error) ? wordsOf(error) : String(error)}\n`);
    const candidates = isDmError(error) ? (error.candidates ?? []) : [];
    terminal.err(candidates.map((one) => `  ${one}\n`).join(""));
    return failedExit;
  }
}

/** The bus speaks to a session; a command is run once, and what it should do is another thing. */
function wordsOf({ code, message }: DmError): string {
  switch (code) {
    case "bus_moved":
      return "The bus was deleted or replaced while this ran. Run it again.";
    case "bus_newer":
      return message.replace(
        restartSession,
        "Update cc-dm (docs/install.md), or run the newer one's own command.",
      );
    default:
      return message;
  }
}

/** What the same is called by the tools of a session, and by other programs. */
const elsewhere: Readonly<Record<string, string>> = {
  dm: "send",
  message: "send",
  msg: "send",
  history: "log",
  logs: "log",
  tail: "log",
  find: "search",
  grep: "search",
  ls: "who",
  list: "who",
  ps: "who",
  sessions: "who",
  read: "inbox",
  mail: "inbox",
  pending: "approvals",
  allow: "approve",
  reject: "deny",
  decide: "approve",
  start: "run",
  setup: "install",
  remove: "uninstall",
  settings: "config",
  clean: "prune",
};

async function front(terminal: Terminal): Promise<number> {
  return (await import("./read/front.ts")).front(terminal);
}

async function dispatch(terminal: Terminal, words: readonly string[], groups: readonly Group[]) {
  const commands = groups.flatMap((group) => group.commands);
  const [first, ...rest] = words;
  if (first === "-V" || first === "--version") {
    terminal.out(`cc-dm ${terminal.version}\n`);
    return 0;
  }
  const [name, given] = first === "help" ? [rest[0], ["--help"]] : [first, rest];
  if (name === undefined || name === "-h" || name === "--help") {
    terminal.out(helpOfAll(groups, terminal.columns));
    return 0;
  }
  const listed = commands.find((one) => one.name === name);
  if (listed === undefined) {
    const names = commands.map((one) => one.name);
    const meant = elsewhere[name] ?? "";
    if (names.includes(meant)) throw new Usage(`There is no command "${name}". Did you mean ${meant}?`);
    if (name.startsWith("-") && (await isOption(name, commands)))
      throw new Usage(`There is no command "${name}". It is an option, and stands behind a command.`);
    throw new Usage(unknown("command", name, names));
  }
  const command = await loaded(listed);
  if (wantsHelp(given)) {
    terminal.out(helpOf(command, terminal.columns));
    return 0;
  }
  return command.run(terminal, taken(command, read(command, given)));
}

function taken({ name, operands, instead }: Named, given: Given<Options>): Given<Options> {
  const [word] = given.operands;
  if (operands !== "" || word === undefined) return given;
  const way = instead ?? `cc-dm ${name} --help tells what it takes.`;
  throw new Usage(`${name} takes no "${word.slice(0, 40)}". ${way}`);
}

async function isOption(word: string, commands: readonly Listed[]): Promise<boolean> {
  const all = await Promise.all(commands.map(({ load }) => load()));
  return all.some(({ options }) => Object.hasOwn(options, word.slice(2)));
}

/** Before anything else is judged: who asks for help gets it, whatever else is wrong. */
function wantsHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === "-h" || word === "--help");
}

function read({ name, options, forwards }: Named, words: readonly string[]): Given<Options> {
  if (forwards) return { options: {}, operands: words };
  const help = ` cc-dm ${name} --help tells what it takes.`;
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...options },
      allowPositionals: true,
    });
    return { options: values as Given<Options>["options"], operands: positionals };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
      const wrong = firstUnknown(words, options);
      const known = Object.keys(options).map((one) => `--${one}`);
      throw new Usage(`${unknown("option", wrong, known)}${help}`);
    }
    if (code?.startsWith("ERR_PARSE_ARGS") !== true) throw error;
    throw new Usage(`${(error as Error).message.split("\n")[0]?.replace(/\.?$/, ".")}${help}`);
  }
}

/** The parser names the option only in a sentence of its own. */
function firstUnknown(words: readonly string[], options: Options): string {
  const letters = Object.values(options).flatMap(({ short }) => short ?? []);
  const isKnown = (word: string) =>
    word.startsWith("--")
      ? word.slice(2) in options
      : [...word.slice(1)].every((one) => letters.includes(one));
  const given = words.filter((word) => /^-./.test(word)).map((word) => word.split("=", 1)[0] ?? word);
  return given.find((word) => !isKnown(word)) ?? given[0] ?? "";
}

function unknown(what: string, word: string, known: readonly string[]): string {
  const meant = suggest(word, known);
  if (meant !== null) return `There is no ${what} "${word}". Did you mean ${meant}?`;
  const there = `There ${known.length === 1 ? "is" : "are"}: ${known.join(", ")}.`;
  return `There is no ${what} "${word}". ${known.length === 0 ? "It takes none." : there}`;
}
