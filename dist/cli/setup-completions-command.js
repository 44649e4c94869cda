// @bun
import{e}from"./shared-core-neutral.js";import{E}from"./shared-zod-v4-core-schemas.js";import{a}from"./shared-bus-sqlite-sessions.js";import"./shared-bus-sqlite-relay.js";import"./shared-host-folder.js";import"./shared-core-names.js";import"./shared-bus-sqlite-schema.js";import{Qe,le}from"./shared-core-model.js";import"./shared-core-home.js";import{v}from"./shared-terminal-plain.js";import{s,o,n}from"./shared-core-clock.js";var b=["bash","zsh","fish"],k=["names","requests","projects"],I={kind:"any"},M={kind:"files"},_=(...t)=>({kind:"words",words:t}),p=(t)=>({kind:"list",list:t}),Y={TO:p("names"),ADDRESS:p("names"),SESSION:p("names"),FILE:M,PATH:M,TYPE:_(...le),WHICH:_(...Qe),FOR:_("seen","reply")},F={from:p("names"),to:p("names"),with:p("names"),approver:p("names"),project:p("projects"),request:p("requests")};function y(t,r){return F[t]??S(r??"")}function S(t){let r=Y[t];if(r!==void 0)return r;let i=t.split("|");return i.length>1||/^[a-z]+$/.test(t)?_(...i):I}function h({name:t,operands:r}){let i=r.split(/\s+(?![^[]*\])/).filter(Boolean).map((d)=>{let l=d.replace(/[[\]]|\.\.\./g,"");return{meaning:V(t,l),repeats:d.includes("...")}}),c=i.findIndex(({repeats:d})=>d);return c<0?i:i.slice(0,c+1)}function V(t,r){if(r==="ID"&&["approvals","approve","deny"].includes(t))return p("requests");if(r==="NAME"&&t==="config")return _(...E);return S(r)}function N(t){let r=[...t.map(({name:i})=>i),"help"];return`# bash completion for cc-dm, made by: cc-dm completions bash
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
${t.map((i)=>`        ${i.name}) valued=" ${J(i).join(" ")} " ;;`).join(`
`)}
      esac
    elif [[ $word != -* && $valued != *" $prev "* ]]; then
      operands=$((operands + 1))
    fi
    prev=$word
  done
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "${r.join(" ")} --help --version" -- "$cur"))
    return
  fi
  if [[ -n $prev && $valued == *" $prev "* ]]; then
    case "$command $prev" in
${t.flatMap(K).join(`
`)}
    esac
  elif [[ $cur == -* ]]; then
    case $command in
${t.map((i)=>`      ${i.name}) words="${H(i).join(" ")}" ;;`).join(`
`)}
    esac
  else
    case "$command $operands" in
      "help 0") words="${r.join(" ")}" ;;
${t.flatMap(U).join(`
`)}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _cc_dm cc-dm
`}function H({options:t}){return[...Object.keys(t).map((r)=>`--${r}`),"--help"]}function J({options:t}){return Object.entries(t).flatMap(([r,{type:i,short:c}])=>i==="boolean"?[]:[`--${r}`,...c===void 0?[]:[`-${c}`]])}function K(t){return Object.entries(t.options).flatMap(([r,{type:i,short:c,value:d}])=>{let l=y(r,d);if(i==="boolean"||l.kind==="any")return[];return[`      ${[`--${r}`,...c===void 0?[]:[`-${c}`]].map((f)=>`"${t.name} ${f}"`).join(" | ")}) ${x(l)} ;;`]})}function U(t){return h(t).flatMap(({meaning:r,repeats:i},c)=>r.kind==="any"?[]:[`      "${t.name} "${i?"*":c}) ${x(r)} ;;`])}function x(t){switch(t.kind){case"list":return`words=$(_cc_dm_list ${t.list})`;case"words":return`words="${t.words.join(" ")}"`;case"files":return'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return';case"any":return":"}}function P(t){return`# fish completion for cc-dm, made by: cc-dm completions fish
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
${t.map(({name:r,summary:i})=>`complete -c cc-dm -n __fish_use_subcommand -a ${r} -d ${g(i)}`).join(`
`)}
complete -c cc-dm -n __fish_use_subcommand -a help -d 'Tell about a command'
complete -c cc-dm -n '__cc_dm_at help 0' -a ${g(t.map(({name:r})=>r).join(" "))}
${t.flatMap(G).join(`
`)}
`}function G(t){let r=Object.entries(t.options).flatMap(([c,{type:d,short:l}])=>d==="boolean"?[]:[`--${c}`,...l===void 0?[]:[`-${l}`]]),i=g(`__cc_dm_at ${t.name} -1`);return[...Object.entries(t.options).map(([c,d])=>`complete -c cc-dm -n ${i} ${X(c,d)}`),`complete -c cc-dm -n ${i} -s h -l help -d 'Tell about it'`,...h(t).flatMap((c,d)=>Q(t.name,c,{i:d,valued:r}))]}function Q(t,{meaning:r,repeats:i},{i:c,valued:d}){if(r.kind==="any")return[];let l=["__cc_dm_at",t,i?"-1":String(c),...d].join(" ");return[`complete -c cc-dm -n ${g(l)} ${R(r)}`]}function X(t,{type:r,short:i,value:c,about:d}){let l=y(t,c);return[...i===void 0?[]:[`-s ${i}`],`-l ${t}`,`-d ${g(d)}`,...r==="boolean"?[]:[l.kind==="files"?"-r":"-x",R(l)]].filter(Boolean).join(" ")}function R(t){switch(t.kind){case"list":return`-a ${g(`(__cc_dm_list ${t.list})`)}`;case"words":return`-a ${g(t.words.join(" "))}`;case"files":return"-F";case"any":return""}}function g(t){return`'${t.replace(/[\\']/g,"\\$&")}'`}var Z=/^[\p{L}\p{M}\p{N}._-]+$/u;async function C(t,r){try{return(await a(t,(c)=>nn[r](c))).filter(([c])=>Z.test(c))}catch{return[]}}function L(t){return t.map(([r,i])=>`${r}${i===""?"":`	${e(i).replaceAll("\t"," ")}`}
`).join("")}var nn={async names({bus:t}){let i=(await t.roster()).filter(({listed:d})=>d).map(({name:d,role:l,project:u})=>[d,[l,u].filter(Boolean).join(", ")]),c=(await t.closedMailboxes()).map(({name:d})=>[d,"closed"]);return[...new Map([...c,...i].map((d)=>[d[0],d])).values()].reverse()},async requests({bus:t}){return(await t.requests("open")).map(({letters:r,name:i,tool:c})=>[r,`${i}: ${c}`])},async projects({bus:t}){return(await t.projects()).map((r)=>[r,""])}};function q(t){return`#compdef cc-dm
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
${t.map(({name:r,summary:i})=>`    ${W(`${r}:${i.replaceAll(":","\\:")}`)}`).join(`
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
${t.map(en).join(`
`)}
    help) _arguments '1: :_cc_dm_commands' ;;
  esac
}

if [[ $funcstack[1] == _cc_dm ]]; then _cc_dm "$@"; else compdef _cc_dm cc-dm; fi
`}function en(t){let r=[...Object.entries(t.options).map(on),"'(- *)'{-h,--help}'[Tell about it]'",...h(t).map(({meaning:i,repeats:c},d)=>W(`${c?"*":d+1}: :${z(i)}`))];return`    ${t.name})
      _arguments -s ${r.join(" \\\n        ")}
      ;;`}function on([t,{type:r,short:i,value:c,about:d}]){let l=i===void 0?`--${t}`:`'{-${i},--${t}}'`,u=i===void 0?"":`(-${i} --${t})`,f=r==="boolean"?"":`:${T(c??"")}:${z(y(t,c))}`,w=`[${T(d)}]${f}`.replaceAll("'","'\\''");return`'${u}${l}${w}'`}function T(t){return t.replace(/[\\[\]:]/g,"\\$&")}function z(t){switch(t.kind){case"list":return`{_cc_dm_list ${t.list}}`;case"words":return`(${t.words.join(" ")})`;case"files":return"_files";case"any":return"()"}}function W(t){return`'${t.replaceAll("'","'\\''")}'`}var tn={bash:N,zsh:q,fish:P};function Mn(t){return o({details:`Commands, options, and what is on the bus now: names of sessions, projects, letters of open requests.
Those scripts ask for that by "cc-dm completions names" (or requests, or projects): one a line; where there is no bus, nothing, and exit code 0.`,operands:b.join("|"),options:{json:{type:"boolean",about:"One JSON object: the script, or what the bus knows"}},examples:[['eval "$(cc-dm completions bash)"',"in ~/.bashrc"],["source <(cc-dm completions zsh)","in ~/.zshrc, below compinit"],["cc-dm completions fish > ~/.config/fish/completions/cc-dm.fish","once"]],async run(r,{options:i,operands:[c,...d]}){let l=`it takes ${b.join(", ")}`;if(c===void 0||d.length>0)throw new n(`completions needs one shell; ${l}.`);let u=b.find((m)=>m===c),f=k.find((m)=>m===c),w=(m,O)=>{let{version:A,clock:D}=r,B={cc_dm:A,at:s(D.now()),...O};return r.out(i.json===!0?`${v(B)}
`:m),0};if(u!==void 0){let m=tn[u](await t());return w(m,{shell:u,script:m})}if(f===void 0)throw new n(`completions knows no "${c}"; ${l}.`);let j=await C(r,f);return w(L(j),{list:f,words:j.map(([m,O])=>({word:m,about:O}))})}})}export{Mn as completionsOf};
