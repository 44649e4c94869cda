// @bun
import{ce}from"./shared-terminal-plain.js";import{c}from"./shared-core-clock.js";function s({version:o,clock:r},n){return`${ce({cc_dm:o,at:c(r.now()),...n})}
`}
export{s};
