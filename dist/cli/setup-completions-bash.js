// @bun
import"./shared-zod-v4-core-schemas.js";import{je,Ne}from"./shared-setup-completions-meaning.js";import"./shared-core-names.js";function u(e){let o=[...e.map(({name:n})=>n),"help"];return`# bash completion for cc-dm, made by: cc-dm completions bash
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
${e.map((n)=>`        ${n.name}) valued=" ${s(n).join(" ")} " ;;`).join(`
`)}
      esac
    elif [[ $word != -* && $valued != *" $prev "* ]]; then
      operands=$((operands + 1))
    fi
    prev=$word
  done
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "${o.join(" ")} --help --version" -- "$cur"))
    return
  fi
  if [[ -n $prev && $valued == *" $prev "* ]]; then
    case "$command $prev" in
${e.flatMap(p).join(`
`)}
    esac
  elif [[ $cur == -* ]]; then
    case $command in
${e.map((n)=>`      ${n.name}) words="${d(n).join(" ")}" ;;`).join(`
`)}
    esac
  else
    case "$command $operands" in
      "help 0") words="${o.join(" ")}" ;;
${e.flatMap(m).join(`
`)}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _cc_dm cc-dm
`}function d({options:e}){return[...Object.keys(e).map((o)=>`--${o}`),"--help"]}function s({options:e}){return Object.entries(e).flatMap(([o,{type:n,short:r}])=>n==="boolean"?[]:[`--${o}`,...r===void 0?[]:[`-${r}`]])}function p(e){return Object.entries(e.options).flatMap(([o,{type:n,short:r,value:i}])=>{let a=je(o,i);if(n==="boolean"||a.kind==="any")return[];return[`      ${[`--${o}`,...r===void 0?[]:[`-${r}`]].map((c)=>`"${e.name} ${c}"`).join(" | ")}) ${t(a)} ;;`]})}function m(e){return Ne(e).flatMap(({meaning:o,repeats:n},r)=>o.kind==="any"?[]:[`      "${e.name} "${n?"*":r}) ${t(o)} ;;`])}function t(e){switch(e.kind){case"list":return`words=$(_cc_dm_list ${e.list})`;case"words":return`words="${e.words.join(" ")}"`;case"files":return'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return';case"any":return":"}}export{u as bashScript};
