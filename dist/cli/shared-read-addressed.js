// @bun
import{Gr,Wt}from"./shared-policy-address.js";import{t}from"./shared-core-clock.js";function jt({bus:r,standing:e},o,s){let n={bus:{...r,close:async()=>{}},self:Gr,person:()=>Promise.reject(new t("unknown_recipient",`"user" is you${s}`)),standing:e};return Wt(n,o)}
export{jt};
