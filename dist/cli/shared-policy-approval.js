// @bun
import{ke}from"./shared-core-keys.js";var o=["command","cmd","script","code"],r=["file_path","notebook_path","path","url"];function xe(n){return s(n).text}function s(n){let e=ke(n),t=wr(e);if(e===null||t===null)return{text:n,isCommand:!1};return{text:String(e[t]),isCommand:o.includes(t)}}function wr(n){return[...o,...r].find((e)=>typeof n?.[e]==="string")??null}
export{xe,wr};
