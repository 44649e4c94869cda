// @bun
import{no,Xt}from"./shared-policy-address.js";import{t}from"./shared-core-clock.js";function Bt({bus:r,standing:e},o,s){let n={bus:{...r,close:async()=>{}},self:no,person:()=>Promise.reject(new t("unknown_recipient",`"user" is you${s}`)),standing:e};return Xt(n,o)}
export{Bt};
