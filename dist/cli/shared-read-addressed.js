// @bun
import{Yr,Kt}from"./shared-policy-address.js";import{t}from"./shared-core-clock.js";function zt({bus:r,standing:e},o,s){let n={bus:{...r,close:async()=>{}},self:Yr,person:()=>Promise.reject(new t("unknown_recipient",`"user" is you${s}`)),standing:e};return Kt(n,o)}
export{zt};
