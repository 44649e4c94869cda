// @bun
var _t=["ok","note","warning","error"],f=(n,r)=>({id:n,severity:"ok",found:r,mend:null}),w=(n,r,e=null)=>({id:n,severity:"note",found:r,mend:e}),u=(n,r,e)=>({id:n,severity:"warning",found:r,mend:e}),v=(n,r,e)=>({id:n,severity:"error",found:r,mend:e});function so(n){return _t.findLast((r)=>n.some((e)=>e.severity===r))??"ok"}
export{_t,f,w,u,v,so};
