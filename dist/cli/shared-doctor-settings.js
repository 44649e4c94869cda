// @bun
import{T}from"./shared-zod-v4-core-schemas.js";import{p,P}from"./shared-core-finding.js";var s=({settings:n,home:r,homeGiven:o})=>{if("wrong"in n)return[P("settings",n.wrong,"Correct or unset it; until then no session starts here.")];let{values:e,sources:i}=n.config;return[...r===null?[]:[p("settings.CC_DM_HOME",`${r.folder} (${o?"environment":"default"})`)],...T.map((t)=>p(`settings.${t}`,`${hn(e[t])} (${i[t]})`))]};function hn(n){if(n===void 0)return"none";if(typeof n==="boolean")return n?"on":"off";return Array.isArray(n)?n.join(", ")||"empty":String(n)}var Lr=[s];
export{hn,Lr};
