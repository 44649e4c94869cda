// @bun
var wt=["ok","note","warning","error"],m=(n,r)=>({id:n,severity:"ok",found:r,mend:null}),w=(n,r,e=null)=>({id:n,severity:"note",found:r,mend:e}),u=(n,r,e)=>({id:n,severity:"warning",found:r,mend:e}),S=(n,r,e)=>({id:n,severity:"error",found:r,mend:e});function Qr(n){return wt.findLast((r)=>n.some((e)=>e.severity===r))??"ok"}
export{wt,m,w,u,S,Qr};
