// @bun
import{Qr,Yt}from"./shared-policy-address.js";import{t}from"./shared-core-clock.js";function Ft({bus:r,standing:e},o,s){let n={bus:{...r,close:async()=>{}},self:Qr,person:()=>Promise.reject(new t("unknown_recipient",`"user" is you${s}`)),standing:e};return Yt(n,o)}
export{Ft};
