// @bun
var gt=["ok","note","warning","error"],f=(n,r)=>({id:n,severity:"ok",found:r,mend:null}),b=(n,r,e=null)=>({id:n,severity:"note",found:r,mend:e}),d=(n,r,e)=>({id:n,severity:"warning",found:r,mend:e}),S=(n,r,e)=>({id:n,severity:"error",found:r,mend:e});function Gr(n){return gt.findLast((r)=>n.some((e)=>e.severity===r))??"ok"}
export{gt,f,b,d,S,Gr};
