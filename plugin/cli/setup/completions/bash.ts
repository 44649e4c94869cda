import type { Named } from "../../command.ts";
import { type Meaning, meaningOfOption, operandsOf } from "./meaning.ts";

/** For bash from 3.2 on, which is macOS's. */
export function bashScript(commands: readonly Named[]): string {
  const names = [...commands.map(({ name }) => name), "help"];
  return `# bash completion for cc-dm, made by: cc-dm completions bash
_cc_dm_list() {
  local program
  program=$(type -P cc-dm) || return
  # Straight by Bun: to look for it by Node takes twice as long.
  { bun "$program" completions "$1" || "$program" completions "$1"; } 2>/dev/null | cut -f1
}

_cc_dm() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev= command= words= valued= operands=0 i word
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -z $command ]]; then
      [[ $word == -* ]] || command=$word
      case $command in
${commands.map((one) => `        ${one.name}) valued=" ${valuedOf(one).join(" ")} " ;;`).join("\n")}
      esac
    elif [[ $word != -* && $valued != *" $prev "* ]]; then
      operands=$((operands + 1))
    fi
    prev=$word
  done
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "${names.join(" ")} --help --version" -- "$cur"))
    return
  fi
  if [[ -n $prev && $valued == *" $prev "* ]]; then
    case "$command $prev" in
${commands.flatMap(optionCases).join("\n")}
    esac
  elif [[ $cur == -* ]]; then
    case $command in
${commands.map((one) => `      ${one.name}) words="${optionsOf(one).join(" ")}" ;;`).join("\n")}
    esac
  else
    case "$command $operands" in
      "help 0") words="${names.join(" ")}" ;;
${commands.flatMap(operandCases).join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _cc_dm cc-dm
`;
}

function optionsOf({ options }: Named): readonly string[] {
  return [...Object.keys(options).map((name) => `--${name}`), "--help"];
}

function valuedOf({ options }: Named): readonly string[] {
  return Object.entries(options).flatMap(([name, { type, short }]) =>
    type === "boolean" ? [] : [`--${name}`, ...(short === undefined ? [] : [`-${short}`])],
  );
}

function optionCases(command: Named): readonly string[] {
  return Object.entries(command.options).flatMap(([name, { type, short, value }]) => {
    const meaning = meaningOfOption(name, value);
    if (type === "boolean" || meaning.kind === "any") return [];
    const forms = [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
    return [`      ${forms.map((form) => `"${command.name} ${form}"`).join(" | ")}) ${proposal(meaning)} ;;`];
  });
}

function operandCases(command: Named): readonly string[] {
  return operandsOf(command).flatMap(({ meaning, repeats }, i) =>
    meaning.kind === "any" ? [] : [`      "${command.name} "${repeats ? "*" : i}) ${proposal(meaning)} ;;`],
  );
}

function proposal(meaning: Meaning): string {
  switch (meaning.kind) {
    case "list":
      return `words=$(_cc_dm_list ${meaning.list})`;
    case "words":
      return `words="${meaning.words.join(" ")}"`;
    case "files":
      return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return`;
    case "any":
      return ":";
  }
}
