// @bun
import"./shared-core-neutral.js";import{E}from"./shared-zod-v4-core-schemas.js";import{c}from"./shared-bus-sqlite-sessions.js";import"./shared-bus-sqlite-relay.js";import"./shared-host-folder.js";import"./shared-core-names.js";import"./shared-bus-sqlite-schema.js";import{Ve,ae}from"./shared-core-model.js";import"./shared-core-home.js";import{i,e}from"./shared-terminal-plain.js";import{r,s,n}from"./shared-core-clock.js";var O=["bash","zsh","fish"],k=["names","requests","projects"],I={kind:"any"},M={kind:"files"},w=(...o)=>({kind:"words",words:o}),u=(o)=>({kind:"list",list:o}),Y={TO:u("names"),ADDRESS:u("names"),SESSION:u("names"),FILE:M,PATH:M,TYPE:w(...ae),WHICH:w(...Ve),FOR:w("seen","reply")},F={from:u("names"),to:u("names"),with:u("names"),approver:u("names"),project:u("projects"),request:u("requests")};function h(o,t){return F[o]??S(t??"")}function S(o){let t=Y[o];if(t!==void 0)return t;let a=o.split("|");return a.length>1||/^[a-z]+$/.test(o)?w(...a):I}function _({name:o,operands:t}){let a=t.split(/\s+(?![^[]*\])/).filter(Boolean).map((l)=>{let m=l.replace(/[[\]]|\.\.\./g,"");return{meaning:V(o,m),repeats:l.includes("...")}}),d=a.findIndex(({repeats:l})=>l);return d<0?a:a.slice(0,d+1)}function V(o,t){if(t==="ID"&&["approvals","approve","deny"].includes(o))return u("requests");if(t==="NAME"&&o==="config")return w(...E);return S(t)}function N(o){let t=[...o.map(({name:a})=>a),"help"];return`# bash completion for cc-dm, made by: cc-dm completions bash
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
${o.map((a)=>`        ${a.name}) valued=" ${J(a).join(" ")} " ;;`).join(`
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
${o.flatMap(K).join(`
`)}
    esac
  elif [[ $cur == -* ]]; then
    case $command in
${o.map((a)=>`      ${a.name}) words="${H(a).join(" ")}" ;;`).join(`
`)}
    esac
  else
    case "$command $operands" in
      "help 0") words="${t.join(" ")}" ;;
${o.flatMap(U).join(`
`)}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _cc_dm cc-dm
`}function H({options:o}){return[...Object.keys(o).map((t)=>`--${t}`),"--help"]}function J({options:o}){return Object.entries(o).flatMap(([t,{type:a,short:d}])=>a==="boolean"?[]:[`--${t}`,...d===void 0?[]:[`-${d}`]])}function K(o){return Object.entries(o.options).flatMap(([t,{type:a,short:d,value:l}])=>{let m=h(t,l);if(a==="boolean"||m.kind==="any")return[];return[`      ${[`--${t}`,...d===void 0?[]:[`-${d}`]].map((g)=>`"${o.name} ${g}"`).join(" | ")}) ${x(m)} ;;`]})}function U(o){return _(o).flatMap(({meaning:t,repeats:a},d)=>t.kind==="any"?[]:[`      "${o.name} "${a?"*":d}) ${x(t)} ;;`])}function x(o){switch(o.kind){case"list":return`words=$(_cc_dm_list ${o.list})`;case"words":return`words="${o.words.join(" ")}"`;case"files":return'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return';case"any":return":"}}function P(o){return`# fish completion for cc-dm, made by: cc-dm completions fish
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
${o.map(({name:t,summary:a})=>`complete -c cc-dm -n __fish_use_subcommand -a ${t} -d ${y(a)}`).join(`
`)}
complete -c cc-dm -n __fish_use_subcommand -a help -d 'Tell about a command'
complete -c cc-dm -n '__cc_dm_at help 0' -a ${y(o.map(({name:t})=>t).join(" "))}
${o.flatMap(G).join(`
`)}
`}function G(o){let t=Object.entries(o.options).flatMap(([d,{type:l,short:m}])=>l==="boolean"?[]:[`--${d}`,...m===void 0?[]:[`-${m}`]]),a=y(`__cc_dm_at ${o.name} -1`);return[...Object.entries(o.options).map(([d,l])=>`complete -c cc-dm -n ${a} ${X(d,l)}`),`complete -c cc-dm -n ${a} -s h -l help -d 'Tell about it'`,..._(o).flatMap((d,l)=>Q(o.name,d,{i:l,valued:t}))]}function Q(o,{meaning:t,repeats:a},{i:d,valued:l}){if(t.kind==="any")return[];let m=["__cc_dm_at",o,a?"-1":String(d),...l].join(" ");return[`complete -c cc-dm -n ${y(m)} ${R(t)}`]}function X(o,{type:t,short:a,value:d,about:l}){let m=h(o,d);return[...a===void 0?[]:[`-s ${a}`],`-l ${o}`,`-d ${y(l)}`,...t==="boolean"?[]:[m.kind==="files"?"-r":"-x",R(m)]].filter(Boolean).join(" ")}function R(o){switch(o.kind){case"list":return`-a ${y(`(__cc_dm_list ${o.list})`)}`;case"words":return`-a ${y(o.words.join(" "))}`;case"files":return"-F";case"any":return""}}function y(o){return`'${o.replace(/[\\']/g,"\\$&")}'`}var Z=/^[\p{L}\p{M}\p{N}._-]+$/u;async function C(o,t){try{return(await c(o,(d)=>nn[t](d))).filter(([d])=>Z.test(d))}catch{return[]}}function L(o){return o.map(([t,a])=>`${t}${a===""?"":`	${e(a).replaceAll("\t"," ")}`}
`).join("")}var nn={async names({bus:o}){let a=(await o.roster()).filter(({listed:l})=>l).map(({name:l,role:m,project:f})=>[l,[m,f].filter(Boolean).join(", ")]),d=(await o.closedMailboxes()).map(({name:l})=>[l,"closed"]);return[...new Map([...d,...a].map((l)=>[l[0],l])).values()].reverse()},async requests({bus:o}){return(await o.requests("open")).map(({letters:t,name:a,tool:d})=>[t,`${a}: ${d}`])},async projects({bus:o}){return(await o.projects()).map((t)=>[t,""])}};function q(o){return`#compdef cc-dm
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
${o.map(({name:t,summary:a})=>`    ${W(`${t}:${a.replaceAll(":","\\:")}`)}`).join(`
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
${o.map(en).join(`
`)}
    help) _arguments '1: :_cc_dm_commands' ;;
  esac
}

if [[ $funcstack[1] == _cc_dm ]]; then _cc_dm "$@"; else compdef _cc_dm cc-dm; fi
`}function en(o){let t=[...Object.entries(o.options).map(on),"'(- *)'{-h,--help}'[Tell about it]'",..._(o).map(({meaning:a,repeats:d},l)=>W(`${d?"*":l+1}: :${z(a)}`))];return`    ${o.name})
      _arguments -s ${t.join(" \\\n        ")}
      ;;`}function on([o,{type:t,short:a,value:d,about:l}]){let m=a===void 0?`--${o}`:`'{-${a},--${o}}'`,f=a===void 0?"":`(-${a} --${o})`,g=t==="boolean"?"":`:${T(d??"")}:${z(h(o,d))}`,b=`[${T(l)}]${g}`.replaceAll("'","'\\''");return`'${f}${m}${b}'`}function T(o){return o.replace(/[\\[\]:]/g,"\\$&")}function z(o){switch(o.kind){case"list":return`{_cc_dm_list ${o.list}}`;case"words":return`(${o.words.join(" ")})`;case"files":return"_files";case"any":return"()"}}function W(o){return`'${o.replaceAll("'","'\\''")}'`}var tn={bash:N,zsh:q,fish:P};function Mn(o){return s({details:`Commands, options, and what is on the bus now: names of sessions, projects, letters of open requests.
Those scripts ask for that by "cc-dm completions names" (or requests, or projects): one a line; where there is no bus, nothing, and exit code 0.`,operands:O.join("|"),options:{json:{type:"boolean",about:"One JSON object: the script, or what the bus knows"}},examples:[['eval "$(cc-dm completions bash)"',"in ~/.bashrc"],["source <(cc-dm completions zsh)","in ~/.zshrc, below compinit"],["cc-dm completions fish > ~/.config/fish/completions/cc-dm.fish","once"]],async run(t,{options:a,operands:[d,...l]}){let m=`it takes ${O.join(", ")}`;if(d===void 0||l.length>0)throw new n(`completions needs one shell; ${m}.`);let f=O.find((p)=>p===d),g=k.find((p)=>p===d),b=(p,j)=>{let{version:A,clock:D}=t,B={cc_dm:A,at:r(D.now()),...j};return t.out(a.json===!0?`${i(B)}
`:p),0};if(f!==void 0){let p=tn[f](await o());return b(p,{shell:f,script:p})}if(g===void 0)throw new n(`completions knows no "${d}"; ${m}.`);let v=await C(t,g);return b(L(v),{list:g,words:v.map(([p,j])=>({word:p,about:j}))})}})}export{Mn as completionsOf};
