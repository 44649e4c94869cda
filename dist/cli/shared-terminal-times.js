// @bun
import{S,u,n}from"./shared-core-clock.js";var s=60000;function oe(t,o){return u(t)===u(o)?S(t):`${u(t).slice(5)} ${S(t)}`}var e=1440*s,i={s:1000,m:s,h:60*s,d:e,w:7*e};function kt(t){let[,o,r]=/^(\d{1,9})([smhdw])$/.exec(t.trim().toLowerCase())??[];return o===void 0?null:Number(o)*i[r]}function Un(t,o){let r=kt(/^\s*\d+\s*$/.test(o)?`${o.trim()}s`:o);if(r===null)throw new n(`${t} is "${o.slice(0,40)}"; it takes 90s, 30m, 2h, 7d or 2w.`);return r}function M(t){return`${S(t)}:${String(Math.floor(t/1000)%60).padStart(2,"0")}`}
export{oe,kt,Un,M};
