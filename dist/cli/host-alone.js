// @bun
import{$e,Wt}from"./shared-host-alone.js";export{$e as alone,Wt as aloneInShell};
