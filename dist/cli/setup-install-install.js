// @bun
import{It,Rt,ir,Rr,Nr,In,Lr,Zr,Ur,Jr,Kr,zt,Dt,qt,ht,Lt,je}from"./shared-setup-install-shown.js";import"./shared-host-alone.js";import"./shared-core-neutral.js";import{o,n}from"./shared-core-clock.js";import{$e}from"./shared-run-client.js";import"./shared-host-link.js";import{ct}from"./shared-doctor-client.js";import{_t,oe}from"./shared-host-programs.js";import"./shared-terminal-envelope.js";import"./shared-host-folder.js";import"./shared-core-home.js";import"./shared-terminal-plain.js";var x=o({details:`Has Claude Code add the marketplace and install the plugin, from the clone that this program is part of or else from GitHub. Makes ~/.local/bin/cc-dm, by way of the link ~/.cc-dm/plugin, which outlives updates. Run it again at any time: what is there already stays.

With --statusline it also sets a status line in your ~/.claude/settings.json. One that you have is kept: ours runs it and stands behind it. Everything else in that file stays byte for byte; a copy from before lies beside it. cc-dm uninstall takes all of this back.

Exit code: 0 all is there, 1 some of it could not be done, 3 there is no Claude Code that can take it.`,operands:"",options:{statusline:{type:"boolean",about:"Also a status line: who you are, peers, mail, approvals"},"no-path":{type:"boolean",about:"Leave ~/.local/bin alone"},...zt},examples:[["cc-dm install --statusline","all of it"],["cc-dm install --dry-run","look first"],["node dist/cli.js install","the first time, from a clone; sh install.sh does the same"]],async run(t,{options:e,operands:i}){if(i.length>0)throw new n(`install takes no "${i[0]}".`);let r=Rt(t),s=$e(t,e.client),l=oe(s)??_t(s),a=l===null?null:ct(l,`${s} is Claude Code ${l}`);if(a?.severity==="error")return t.err(`cc-dm: ${a.found}. Run: ${a.mend}
`),3;if(a?.severity==="warning")t.err(`cc-dm: ${a.found}. ${a.mend}
`);let c=p(t,r,s,{statusline:e.statusline===!0,path:e["no-path"]!==!0}),u=e["dry-run"]===!0,f=(h)=>{if(e.json!==!0)t.out(ht(h,t))},d=u?Dt(c):m(r,c,f);if(e.json===!0)t.out(Lt(t,u,d));else if(u)d.forEach(f);else if(je(d)===0)t.out(y);return je(d)}});function p(t,e,i,r){let s={places:e,env:t.env,cwd:t.cwd,program:i},l=ir(e)!==It,a=()=>l?e.root:In(s)[0]?.folder??null;return[Rr(s),Nr(s),Lr(e,t,a),...r.path?[Zr(e,t)]:[],...r.statusline?[Kr(e,t)]:[]]}function m(t,e,i){Ur(t);let r=qt(e,i);return Jr(t),r}var y=`
Start two sessions, each in its own terminal:
  CC_DM_SESSION_NAME=backend claude
  CC_DM_SESSION_NAME=frontend claude
and tell the second one: "ask backend which port it listens on".
Sessions that run already get it with their next start. cc-dm doctor tells if something is wrong.
`;export{x as install};
