// @bun
import{existsSync as o,statfsSync as c,statSync as u}from"fs";import{dirname as n}from"path";function Tr(e){try{let{bavail:t,blocks:s,bsize:r,ffree:i,files:l}=c(er(e));return{freeBytes:t*r,wholeBytes:s*r,freeFiles:l>0?i:null}}catch{return null}}function er(e){return o(e)||n(e)===e?e:er(n(e))}function he(e){try{return u(e).size}catch{return 0}}
export{Tr,er,he};
