// @bun
import{O}from"./shared-zod-v4-core-schemas.js";import{f,v}from"./shared-core-finding.js";var s=({settings:n,home:r,homeGiven:o})=>{if("wrong"in n)return[v("settings",n.wrong,"Correct or unset it; until then no session starts here.")];let{values:e,sources:i}=n.config;return[...r===null?[]:[f("settings.CC_DM_HOME",`${r.folder} (${o?"environment":"default"})`)],...O.map((t)=>f(`settings.${t}`,`${Dn(e[t])} (${i[t]})`))]};function Dn(n){if(n===void 0)return"none";if(typeof n==="boolean")return n?"on":"off";return Array.isArray(n)?n.join(", ")||"empty":String(n)}var oo=[s];
export{Dn,oo};
