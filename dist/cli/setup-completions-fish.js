// @bun
import"./shared-zod-v4-core-schemas.js";import{je,Ne}from"./shared-setup-completions-meaning.js";import"./shared-core-names.js";function p(n){return`# fish completion for cc-dm, made by: cc-dm completions fish
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
${n.map(({name:e,summary:t})=>`complete -c cc-dm -n __fish_use_subcommand -a ${e} -d ${s(t)}`).join(`
`)}
complete -c cc-dm -n __fish_use_subcommand -a help -d 'Tell about a command'
complete -c cc-dm -n '__cc_dm_at help 0' -a ${s(n.map(({name:e})=>e).join(" "))}
${n.flatMap(i).join(`
`)}
`}function i(n){let e=Object.entries(n.options).flatMap(([o,{type:r,short:c}])=>r==="boolean"?[]:[`--${o}`,...c===void 0?[]:[`-${c}`]]),t=s(`__cc_dm_at ${n.name} -1`);return[...Object.entries(n.options).map(([o,r])=>`complete -c cc-dm -n ${t} ${l(o,r)}`),`complete -c cc-dm -n ${t} -s h -l help -d 'Tell about it'`,...Ne(n).flatMap((o,r)=>d(n.name,o,{i:r,valued:e}))]}function d(n,{meaning:e,repeats:t},{i:o,valued:r}){if(e.kind==="any")return[];let c=["__cc_dm_at",n,t?"-1":String(o),...r].join(" ");return[`complete -c cc-dm -n ${s(c)} ${a(e)}`]}function l(n,{type:e,short:t,value:o,about:r}){let c=je(n,o);return[...t===void 0?[]:[`-s ${t}`],`-l ${n}`,`-d ${s(r)}`,...e==="boolean"?[]:[c.kind==="files"?"-r":"-x",a(c)]].filter(Boolean).join(" ")}function a(n){switch(n.kind){case"list":return`-a ${s(`(__cc_dm_list ${n.list})`)}`;case"words":return`-a ${s(n.words.join(" "))}`;case"files":return"-F";case"any":return""}}function s(n){return`'${n.replace(/[\\']/g,"\\$&")}'`}export{p as fishScript};
