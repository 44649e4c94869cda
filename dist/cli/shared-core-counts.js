// @bun
function d(t,n){return`${t} ${n}${t===1?"":"s"}`}function I(t){let n=Math.round(Math.abs(t)/1000);if(n<120)return d(n,"second");if(n<7200)return d(Math.round(n/60),"minute");if(n<172800)return d(Math.round(n/3600),"hour");return d(Math.round(n/86400),"day")}function W(t){let n=["bytes","kB","MB","GB","TB"],r=Math.min(n.length-1,Math.floor(Math.log10(Math.max(1,t))/3));return`${(t/1000**r).toFixed(r>2?1:0)} ${n[r]}`}var o=12;function N(t){let n=t.slice(0,o).join(", ");return t.length>o?`${n} and ${t.length-o} more`:n}
export{d,I,W,N};
