// @bun
import{I}from"./shared-core-neutral.js";var u=/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;function i(n,t=2){return JSON.stringify(n,null,t).replace(u,(o)=>o===`
`?o:s(o))}function s(n){return Array.from({length:n.length},(t,r)=>`\\u${n.charCodeAt(r).toString(16).padStart(4,"0")}`).join("")}var p=/\r\n?|[\n\u0085\u2028\u2029]/;function e(n){let t=n.split(p).flatMap((r)=>r.trim()||[]);return I(t.join(" \u23CE "))}function Ao(n){return n.replace(/[\t\n\r]|\ufe0f/g,"").search(u)>=0}
export{i,e,Ao};
