// @bun
import{ve,Wt}from"./shared-host-alone.js";export{ve as alone,Wt as aloneInShell};
