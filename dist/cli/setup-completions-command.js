// @bun
import{O}from"./shared-zod-v4-core-schemas.js";import{c}from"./shared-bus-sqlite-sessions.js";import"./shared-core-neutral.js";import"./shared-bus-sqlite-relay.js";import"./shared-host-folder.js";import"./shared-core-names.js";import"./shared-bus-sqlite-schema.js";import{He,ie}from"./shared-core-model.js";import{e}from"./shared-terminal-plain.js";import{s,n}from"./shared-core-clock.js";var _=["bash","zsh","fish"],w=["names","requests","projects"],E={kind:"any"},h={kind:"files"},y=(...o)=>({kind:"words",words:o}),l=(o)=>({kind:"list",list:o}),L={TO:l("names"),ADDRESS:l("names"),SESSION:l("names"),FILE:h,PATH:h,TYPE:y(...ie),WHICH:y(...He),FOR:y("seen","reply")},T={from:l("names"),to:l("names"),with:l("names"),approver:l("names"),project:l("projects"),request:l("requests")};function f(o,t){return T[o]??b(t??"")}function b(o){let t=L[o];if(t!==void 0)return t;let r=o.split("|");return r.length>1||/^[a-z]+$/.test(o)?y(...r):E}function g({name:o,operands:t}){let r=t.split(/\s+(?![^[]*\])/).filter(Boolean).map((a)=>{let d=a.replace(/[[\]]|\.\.\./g,"");return{meaning:q(o,d),repeats:a.includes("...")}}),i=r.findIndex(({repeats:a})=>a);return i<0?r:r.slice(0,i+1)}function q(o,t){if(t==="ID"&&["approvals","approve","deny"].includes(o))return l("requests");if(t==="NAME"&&o==="config")return y(...O);return b(t)}function j(o){let t=[...o.map(({name:r})=>r),"help"];return`# bash completion for cc-dm, made by: cc-dm completions bash
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
${o.map((r)=>`        ${r.name}) valued=" ${W(r).join(" ")} " ;;`).join(`
`)}
      esac
    elif [[ $word != -* && $valued != *" $prev "* ]]; then
      operands=$((operands + 1))
    fi
    prev=$word
  done
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "${t.join(" ")} --help --version" -- "$cur"))
    return
  fi
  if [[ -n $prev && $valued == *" $prev "* ]]; then
    case "$command $prev" in
${o.flatMap(A).join(`
`)}
    esac
  elif [[ $cur == -* ]]; then
    case $command in
${o.map((r)=>`      ${r.name}) words="${z(r).join(" ")}" ;;`).join(`
`)}
    esac
  else
    case "$command $operands" in
      "help 0") words="${t.join(" ")}" ;;
${o.flatMap(D).join(`
`)}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _cc_dm cc-dm
`}function z({options:o}){return[...Object.keys(o).map((t)=>`--${t}`),"--help"]}function W({options:o}){return Object.entries(o).flatMap(([t,{type:r,short:i}])=>r==="boolean"?[]:[`--${t}`,...i===void 0?[]:[`-${i}`]])}function A(o){return Object.entries(o.options).flatMap(([t,{type:r,short:i,value:a}])=>{let d=f(t,a);if(r==="boolean"||d.kind==="any")return[];return[`      ${[`--${t}`,...i===void 0?[]:[`-${i}`]].map((p)=>`"${o.name} ${p}"`).join(" | ")}) ${M(d)} ;;`]})}function D(o){return g(o).flatMap(({meaning:t,repeats:r},i)=>t.kind==="any"?[]:[`      "${o.name} "${r?"*":i}) ${M(t)} ;;`])}function M(o){switch(o.kind){case"list":return`words=$(_cc_dm_list ${o.list})`;case"words":return`words="${o.words.join(" ")}"`;case"files":return'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return';case"any":return":"}}function v(o){return`# fish completion for cc-dm, made by: cc-dm completions fish
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
${o.map(({name:t,summary:r})=>`complete -c cc-dm -n __fish_use_subcommand -a ${t} -d ${u(r)}`).join(`
`)}
complete -c cc-dm -n __fish_use_subcommand -a help -d 'Tell about a command'
complete -c cc-dm -n '__cc_dm_at help 0' -a ${u(o.map(({name:t})=>t).join(" "))}
${o.flatMap(B).join(`
`)}
`}function B(o){let t=Object.entries(o.options).flatMap(([i,{type:a,short:d}])=>a==="boolean"?[]:[`--${i}`,...d===void 0?[]:[`-${d}`]]),r=u(`__cc_dm_at ${o.name} -1`);return[...Object.entries(o.options).map(([i,a])=>`complete -c cc-dm -n ${r} ${Y(i,a)}`),`complete -c cc-dm -n ${r} -s h -l help -d 'Tell about it'`,...g(o).flatMap((i,a)=>I(o.name,i,{i:a,valued:t}))]}function I(o,{meaning:t,repeats:r},{i,valued:a}){if(t.kind==="any")return[];let d=["__cc_dm_at",o,r?"-1":String(i),...a].join(" ");return[`complete -c cc-dm -n ${u(d)} ${k(t)}`]}function Y(o,{type:t,short:r,value:i,about:a}){let d=f(o,i);return[...r===void 0?[]:[`-s ${r}`],`-l ${o}`,`-d ${u(a)}`,...t==="boolean"?[]:[d.kind==="files"?"-r":"-x",k(d)]].filter(Boolean).join(" ")}function k(o){switch(o.kind){case"list":return`-a ${u(`(__cc_dm_list ${o.list})`)}`;case"words":return`-a ${u(o.words.join(" "))}`;case"files":return"-F";case"any":return""}}function u(o){return`'${o.replace(/[\\']/g,"\\$&")}'`}var F=/^[\p{L}\p{M}\p{N}._-]+$/u;async function S(o,t){try{return(await c(o,(i)=>V[t](i))).filter(([i])=>F.test(i)).map(([i,a])=>`${i}${a===""?"":`	${e(a).replaceAll("\t"," ")}`}
`).join("")}catch{return""}}var V={async names({bus:o}){let r=(await o.roster()).filter(({listed:a})=>a).map(({name:a,role:d,project:m})=>[a,[d,m].filter(Boolean).join(", ")]),i=(await o.closedMailboxes()).map(({name:a})=>[a,"closed"]);return[...new Map([...i,...r].map((a)=>[a[0],a])).values()].reverse()},async requests({bus:o}){return(await o.requests("open")).map(({letters:t,name:r,tool:i})=>[t,`${r}: ${i}`])},async projects({bus:o}){return(await o.projects()).map((t)=>[t,""])}};function x(o){return`#compdef cc-dm
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
${o.map(({name:t,summary:r})=>`    ${R(`${t}:${r.replaceAll(":","\\:")}`)}`).join(`
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
${o.map(H).join(`
`)}
    help) _arguments '1: :_cc_dm_commands' ;;
  esac
}

if [[ $funcstack[1] == _cc_dm ]]; then _cc_dm "$@"; else compdef _cc_dm cc-dm; fi
`}function H(o){let t=[...Object.entries(o.options).map(K),"'(- *)'{-h,--help}'[Tell about it]'",...g(o).map(({meaning:r,repeats:i},a)=>R(`${i?"*":a+1}: :${P(r)}`))];return`    ${o.name})
      _arguments -s ${t.join(" \\\n        ")}
      ;;`}function K([o,{type:t,short:r,value:i,about:a}]){let d=r===void 0?`--${o}`:`'{-${r},--${o}}'`,m=r===void 0?"":`(-${r} --${o})`,p=t==="boolean"?"":`:${N(i??"")}:${P(f(o,i))}`,C=`[${N(a)}]${p}`.replaceAll("'","'\\''");return`'${m}${d}${C}'`}function N(o){return o.replace(/[\\[\]:]/g,"\\$&")}function P(o){switch(o.kind){case"list":return`{_cc_dm_list ${o.list}}`;case"words":return`(${o.words.join(" ")})`;case"files":return"_files";case"any":return"()"}}function R(o){return`'${o.replaceAll("'","'\\''")}'`}var U={bash:j,zsh:x,fish:v};function fn(o){return s({details:`Commands, options, and what is on the bus now: names of sessions, projects, letters of open requests.
Those scripts ask for that by "cc-dm completions names" (or requests, or projects): one a line; where there is no bus, nothing, and exit code 0.`,operands:_.join("|"),options:{},examples:[['eval "$(cc-dm completions bash)"',"in ~/.bashrc"],["source <(cc-dm completions zsh)","in ~/.zshrc, below compinit"],["cc-dm completions fish > ~/.config/fish/completions/cc-dm.fish","once"]],async run(t,{operands:[r,...i]}){let a=`it takes ${_.join(", ")}`;if(r===void 0||i.length>0)throw new n(`completions needs one shell; ${a}.`);let d=_.find((p)=>p===r),m=w.find((p)=>p===r);if(d!==void 0)t.out(U[d](await o()));else if(m!==void 0)t.out(await S(t,m));else throw new n(`completions knows no "${r}"; ${a}.`);return 0}})}export{fn as completionsOf};
