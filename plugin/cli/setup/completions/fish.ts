import type { Named, Option } from "../../command.ts";
import { type Meaning, meaningOfOption, type Operand, operandsOf } from "./meaning.ts";

/** To be sourced, or to lie as `cc-dm.fish` in fish's folder of completions. */
export function fishScript(commands: readonly Named[]): string {
  return `# fish completion for cc-dm, made by: cc-dm completions fish
function __cc_dm_list
  set -l program (command -s cc-dm); or return
  # Straight by Bun: to look for it by Node takes twice as long.
  bun $program completions $argv[1] 2>/dev/null; or $program completions $argv[1] 2>/dev/null
end

# Whether this command stands there, with so many operands behind it (any number: -1). What an option takes is none.
function __cc_dm_at
  set -l words (commandline -opc)
  test (count $words) -ge 2; and test $words[2] = $argv[1]; or return 1
  test $argv[2] -lt 0; and return 0
  set -l count 0
  set -l last
  for word in $words[3..-1]
    if not string match -q -- '-*' $word; and not contains -- "$last" $argv[3..-1]
      set count (math $count + 1)
    end
    set last $word
  end
  test $count -eq $argv[2]
end

complete -c cc-dm -f
complete -c cc-dm -n __fish_use_subcommand -s h -l help -d 'Tell about it'
complete -c cc-dm -n __fish_use_subcommand -s V -l version -d 'The version of cc-dm'
${commands.map(({ name, summary }) => `complete -c cc-dm -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`).join("\n")}
complete -c cc-dm -n __fish_use_subcommand -a help -d 'Tell about a command'
complete -c cc-dm -n '__cc_dm_at help 0' -a ${quoted(commands.map(({ name }) => name).join(" "))}
${commands.flatMap(linesOf).join("\n")}
`;
}

function linesOf(command: Named): readonly string[] {
  const valued = Object.entries(command.options).flatMap(([name, { type, short }]) =>
    type === "boolean" ? [] : [`--${name}`, ...(short === undefined ? [] : [`-${short}`])],
  );
  const here = quoted(`__cc_dm_at ${command.name} -1`);
  return [
    ...Object.entries(command.options).map(
      ([name, option]) => `complete -c cc-dm -n ${here} ${optionWords(name, option)}`,
    ),
    `complete -c cc-dm -n ${here} -s h -l help -d 'Tell about it'`,
    ...operandsOf(command).flatMap((operand, i) => operandLine(command.name, operand, { i, valued })),
  ];
}

function operandLine(
  name: string,
  { meaning, repeats }: Operand,
  { i, valued }: { readonly i: number; readonly valued: readonly string[] },
): readonly string[] {
  if (meaning.kind === "any") return [];
  const at = ["__cc_dm_at", name, repeats ? "-1" : String(i), ...valued].join(" ");
  return [`complete -c cc-dm -n ${quoted(at)} ${proposal(meaning)}`];
}

function optionWords(name: string, { type, short, value, about }: Option): string {
  const meaning = meaningOfOption(name, value);
  return [
    ...(short === undefined ? [] : [`-s ${short}`]),
    `-l ${name}`,
    `-d ${quoted(about)}`,
    ...(type === "boolean" ? [] : [meaning.kind === "files" ? "-r" : "-x", proposal(meaning)]),
  ]
    .filter(Boolean)
    .join(" ");
}

function proposal(meaning: Meaning): string {
  switch (meaning.kind) {
    case "list":
      return `-a ${quoted(`(__cc_dm_list ${meaning.list})`)}`;
    case "words":
      return `-a ${quoted(meaning.words.join(" "))}`;
    case "files":
      return "-F";
    case "any":
      return "";
  }
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
