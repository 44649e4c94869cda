// @bun
import{Rt,jt,lr,Dr,qr,zn,Br,Ur,Kr,Vr,Gr,zt,Dt,qt,gt,Lt,Re}from"./shared-setup-install-shown.js";import"./shared-host-alone.js";import"./shared-core-neutral.js";import{o}from"./shared-core-clock.js";import{$e}from"./shared-run-client.js";import"./shared-host-link.js";import{lt}from"./shared-doctor-client.js";import{$t,oe}from"./shared-host-programs.js";import"./shared-host-folder.js";import"./shared-core-home.js";import"./shared-terminal-envelope.js";import"./shared-terminal-plain.js";var E=o({details:`Has Claude Code add the marketplace and install the plugin, from the clone that this program is part of or else from GitHub. Makes ~/.local/bin/cc-dm, by way of the link ~/.cc-dm/plugin, which outlives updates. Run it again at any time: what is there already stays.

With --statusline it also sets a status line in your ~/.claude/settings.json. One that you have is kept: ours runs it and stands behind it. Everything else in that file stays byte for byte; a copy from before lies beside it. cc-dm uninstall takes all of this back.

Exit code: 0 all is there, 1 some of it could not be done, 3 there is no Claude Code that can take it.`,operands:"",options:{statusline:{type:"boolean",about:"Also a status line: who you are, peers, mail, approvals"},"no-path":{type:"boolean",about:"Leave ~/.local/bin alone"},...zt},examples:[["cc-dm install --statusline","all of it"],["cc-dm install --dry-run","look first"],["node dist/cli.js install","the first time, from a clone; sh install.sh does the same"]],async run(t,{options:e}){let a=jt(t),s=$e(t,e.client),r=oe(s)??$t(s),n=r===null?null:lt(r,`${s} is Claude Code ${r}`);if(n?.severity==="error")return t.err(`cc-dm: ${n.found}. Run: ${n.mend}
`),3;if(n?.severity==="warning")t.err(`cc-dm: ${n.found}. ${n.mend}
`);let i=f(t,a,s,{statusline:e.statusline===!0,path:e["no-path"]!==!0}),d=e["dry-run"]===!0,u=(c)=>{if(e.json!==!0)t.out(gt(c,t))},l=d?Dt(i):p(a,i,u);if(e.json===!0)t.out(Lt(t,d,l));else if(d)l.forEach(u);else if(Re(l)===0)t.out(h);return Re(l)}});function f(t,e,a,s){let r={places:e,env:t.env,cwd:t.cwd,program:a},n=lr(e)!==Rt,i=()=>n?e.root:zn(r)[0]?.folder??null;return[Dr(r),qr(r),Br(e,t,i),...s.path?[Ur(e,t)]:[],...s.statusline?[Gr(e,t)]:[]]}function p(t,e,a){Kr(t);let s=qt(e,a);return Vr(t),s}var h=`
Start two sessions, each in its own terminal:
  CC_DM_SESSION_NAME=backend claude
  CC_DM_SESSION_NAME=frontend claude
and tell the second one: "ask backend which port it listens on".
Sessions that run already get it with their next start. cc-dm doctor tells if something is wrong.
`;export{E as install};
