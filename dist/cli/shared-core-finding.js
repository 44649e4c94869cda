// @bun
var pt=["ok","note","warning","error"],m=(n,r)=>({id:n,severity:"ok",found:r,mend:null}),b=(n,r,e=null)=>({id:n,severity:"note",found:r,mend:e}),d=(n,r,e)=>({id:n,severity:"warning",found:r,mend:e}),S=(n,r,e)=>({id:n,severity:"error",found:r,mend:e});function Gr(n){return pt.findLast((r)=>n.some((e)=>e.severity===r))??"ok"}
export{pt,m,b,d,S,Gr};
