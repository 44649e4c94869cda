// @bun
var kt=["ok","note","warning","error"],f=(n,r)=>({id:n,severity:"ok",found:r,mend:null}),w=(n,r,e=null)=>({id:n,severity:"note",found:r,mend:e}),u=(n,r,e)=>({id:n,severity:"warning",found:r,mend:e}),v=(n,r,e)=>({id:n,severity:"error",found:r,mend:e});function so(n){return kt.findLast((r)=>n.some((e)=>e.severity===r))??"ok"}
export{kt,f,w,u,v,so};
