// @bun
import{S}from"./shared-terminal-plain.js";import{s}from"./shared-core-clock.js";function l({version:o,clock:r},n){return`${S({cc_dm:o,at:s(r.now()),...n})}
`}
export{l};
