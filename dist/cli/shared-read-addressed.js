// @bun
import{Xr,Vt}from"./shared-policy-address.js";import{t}from"./shared-core-clock.js";function qt({bus:r,standing:e},o,s){let n={bus:{...r,close:async()=>{}},self:Xr,person:()=>Promise.reject(new t("unknown_recipient",`"user" is you${s}`)),standing:e};return Vt(n,o)}
export{qt};
