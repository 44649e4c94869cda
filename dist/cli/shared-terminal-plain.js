// @bun
import{R}from"./shared-core-neutral.js";var o=/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;function v(n,t=2){return JSON.stringify(n,null,t).replace(o,(i)=>i===`
`?i:u(i))}function u(n){return Array.from({length:n.length},(t,r)=>`\\u${n.charCodeAt(r).toString(16).padStart(4,"0")}`).join("")}var s=/\r\n?|[\n\u0085\u2028\u2029]/;function e(n){let t=n.split(s).flatMap((r)=>r.trim()||[]);return R(t.join(" \u23CE "))}function jo(n){return n.replace(/[\t\n\r]|\ufe0f/g,"").search(o)>=0}
export{v,e,jo};
