// @bun
import{lo,sn}from"./shared-policy-address.js";import{t}from"./shared-core-clock.js";function Jt({bus:r,standing:e},o,s){let n={bus:{...r,close:async()=>{}},self:lo,person:()=>Promise.reject(new t("unknown_recipient",`"user" is you${s}`)),standing:e};return sn(n,o)}
export{Jt};
