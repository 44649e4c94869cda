// @bun
var o=/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;function ce(n,e=2){return JSON.stringify(n,null,e).replace(o,(t)=>t===`
`?t:i(t))}function i(n){return Array.from({length:n.length},(e,r)=>`\\u${n.charCodeAt(r).toString(16).padStart(4,"0")}`).join("")}function Do(n){return n.replace(/[\t\n\r]|\ufe0f/g,"").search(o)>=0}
export{ce,Do};
