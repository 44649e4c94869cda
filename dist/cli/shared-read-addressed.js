// @bun
import{ro,nn}from"./shared-policy-address.js";import{t}from"./shared-core-clock.js";function Ut({bus:r,standing:e},o,s){let n={bus:{...r,close:async()=>{}},self:ro,person:()=>Promise.reject(new t("unknown_recipient",`"user" is you${s}`)),standing:e};return nn(n,o)}
export{Ut};
