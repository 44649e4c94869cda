// @bun
import{existsSync as o,statfsSync as c,statSync as u}from"fs";import{dirname as n}from"path";function Ar(e){try{let{bavail:t,blocks:s,bsize:r,ffree:i,files:l}=c(nr(e));return{freeBytes:t*r,wholeBytes:s*r,freeFiles:l>0?i:null}}catch{return null}}function nr(e){return o(e)||n(e)===e?e:nr(n(e))}function ge(e){try{return u(e).size}catch{return 0}}
export{Ar,nr,ge};
