import type { Named, Option } from "../../command.ts";
import { type Meaning, meaningOfOption, operandsOf } from "./meaning.ts";

/** To be sourced, or to lie as `_cc-dm` in a folder of fpath. */
export function zshScript(commands: readonly Named[]): string {
  return `#compdef cc-dm
# zsh completion for cc-dm, made by: cc-dm completions zsh
_cc_dm_list() {
  local program line word about
  local -a found
  program=$(whence -p cc-dm) || return 1
  # Straight by Bun: to look for it by Node takes twice as long.
  for line in \${(f)"$({ bun $program completions $1 || $program completions $1 } 2>/dev/null)"}; do
    word=\${line%%$'\\t'*} about=\${line#*$'\\t'}
    [[ $word == $line ]] && found+=($word) || found+=("$word:\${about//:/\\\\:}")
  done
  _describe -V "$1" found
}

_cc_dm_commands() {
  local -a found=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(":", "\\:")}`)}`).join("\n")}
    'help:Tell about a command'
  )
  _describe -V command found
}

_cc_dm() {
  local curcontext=$curcontext state line
  _arguments -C '(- *)'{-h,--help}'[Tell about it]' '(- *)'{-V,--version}'[The version of cc-dm]' \\
    '1: :_cc_dm_commands' '*:: :->rest'
  [[ $state == rest ]] || return 0
  case $words[1] in
${commands.map(branch).join("\n")}
    help) _arguments '1: :_cc_dm_commands' ;;
  esac
}

if [[ $funcstack[1] == _cc_dm ]]; then _cc_dm "$@"; else compdef _cc_dm cc-dm; fi
`;
}

function branch(command: Named): string {
  const specs = [
    ...Object.entries(command.options).map(optionSpec),
    "'(- *)'{-h,--help}'[Tell about it]'",
    ...operandsOf(command).map(({ meaning, repeats }, i) => {
      return quoted(`${repeats ? "*" : i + 1}: :${action(meaning)}`);
    }),
  ];
  return `    ${command.name})\n      _arguments -s ${specs.join(" \\\n        ")}\n      ;;`;
}

function optionSpec([name, { type, short, value, about }]: readonly [string, Option]): string {
  const forms = short === undefined ? `--${name}` : `'{-${short},--${name}}'`;
  const excluded = short === undefined ? "" : `(-${short} --${name})`;
  const taken = type === "boolean" ? "" : `:${escaped(value ?? "")}:${action(meaningOfOption(name, value))}`;
  const text = `[${escaped(about)}]${taken}`.replaceAll("'", "'\\''");
  return `'${excluded}${forms}${text}'`;
}

/** Within a specification of _arguments. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function action(meaning: Meaning): string {
  switch (meaning.kind) {
    case "list":
      return `{_cc_dm_list ${meaning.list}}`;
    case "words":
      return `(${meaning.words.join(" ")})`;
    case "files":
      return "_files";
    case "any":
      return "()";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
