// @bun
import{readSync as n}from"fs";function It({err:r},e){return r(`${e} [y/N] `),cr()}function cr(){return/^y(es)?$/i.test(t())}function t(){let r=[],e=Buffer.alloc(1);while(r.length<4096){if(o(e)===0||e[0]===10)break;r.push(e[0]??0)}return Buffer.from(r).toString("utf8").trim()}function o(r){try{return n(0,r,0,1,null)}catch{return 0}}
export{It,cr};
