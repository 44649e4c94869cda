// @bun
import{io,on}from"./shared-policy-address.js";import{t}from"./shared-core-clock.js";function Wt({bus:r,standing:e},o,s){let n={bus:{...r,close:async()=>{}},self:io,person:()=>Promise.reject(new t("unknown_recipient",`"user" is you${s}`)),standing:e};return on(n,o)}
export{Wt};
