// @bun
import"./shared-zod-v4-core-schemas.js";import{je,Ne}from"./shared-setup-completions-meaning.js";import"./shared-core-names.js";function _(n){return`#compdef cc-dm
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
${n.map(({name:o,summary:e})=>`    ${s(`${o}:${e.replaceAll(":","\\:")}`)}`).join(`
`)}
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
${n.map(u).join(`
`)}
    help) _arguments '1: :_cc_dm_commands' ;;
  esac
}

if [[ $funcstack[1] == _cc_dm ]]; then _cc_dm "$@"; else compdef _cc_dm cc-dm; fi
`}function u(n){let o=[...Object.entries(n.options).map(p),"'(- *)'{-h,--help}'[Tell about it]'",...Ne(n).map(({meaning:e,repeats:t},c)=>s(`${t?"*":c+1}: :${i(e)}`))];return`    ${n.name})
      _arguments -s ${o.join(" \\\n        ")}
      ;;`}function p([n,{type:o,short:e,value:t,about:c}]){let d=e===void 0?`--${n}`:`'{-${e},--${n}}'`,a=e===void 0?"":`(-${e} --${n})`,l=o==="boolean"?"":`:${r(t??"")}:${i(je(n,t))}`,m=`[${r(c)}]${l}`.replaceAll("'","'\\''");return`'${a}${d}${m}'`}function r(n){return n.replace(/[\\[\]:]/g,"\\$&")}function i(n){switch(n.kind){case"list":return`{_cc_dm_list ${n.list}}`;case"words":return`(${n.words.join(" ")})`;case"files":return"_files";case"any":return"()"}}function s(n){return`'${n.replaceAll("'","'\\''")}'`}export{_ as zshScript};
