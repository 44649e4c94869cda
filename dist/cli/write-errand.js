// @bun
import{_t,Go}from"./shared-write-errand.js";import"./shared-bus-sqlite-sessions.js";import"./shared-bus-sqlite-relay.js";import"./shared-bus-sqlite-schema.js";import"./shared-host-folder.js";import"./shared-core-home.js";import"./shared-core-neutral.js";import"./shared-core-names.js";export{Go as errand,_t as runErrand};
