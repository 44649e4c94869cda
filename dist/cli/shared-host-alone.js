// @bun
import{dirname as i,join as r}from"path";function ve(o){let n=r(i(o),".."),t=process.platform==="win32";return e(t?r(n,"bunfig.toml"):"/dev/null",t?r(n,"tsconfig.json"):"/dev/null")}var Wt=e("/dev/null","/dev/null").join(" ");function e(o,n){return[`--config=${o}`,"--no-env-file",`--tsconfig-override=${n}`]}
export{ve,Wt};
