// @bun
var o=(...e)=>process.getBuiltinModule("node:readline/promises").createInterface(...e);async function Mt({err:e},n){let s=o({input:process.stdin});try{let{promise:t,resolve:r}=Promise.withResolvers();return s.once("line",r).once("close",()=>r("")),e(`${n} [y/N] `),/^\s*y(es)?\s*$/i.test(await t)}finally{s.close()}}
export{Mt};
