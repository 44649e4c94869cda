// @bun
import{P,l,n}from"./shared-core-clock.js";var s=60000;function se(t,o){return l(t)===l(o)?P(t):`${l(t).slice(5)} ${P(t)}`}var e=1440*s,i={s:1000,m:s,h:60*s,d:e,w:7*e};function vt(t){let[,o,r]=/^(\d{1,9})([smhdw])$/.exec(t.trim().toLowerCase())??[];return o===void 0?null:Number(o)*i[r]}function Un(t,o){let r=vt(/^\s*\d+\s*$/.test(o)?`${o.trim()}s`:o);if(r===null)throw new n(`${t} is "${o.slice(0,40)}"; it takes 90s, 30m, 2h, 7d or 2w.`);return r}function A(t){return`${P(t)}:${String(Math.floor(t/1000)%60).padStart(2,"0")}`}
export{se,vt,Un,A};
