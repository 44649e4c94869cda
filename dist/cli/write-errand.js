// @bun
import{mt,Lo}from"./shared-write-errand.js";import"./shared-bus-sqlite-sessions.js";import"./shared-bus-sqlite-relay.js";import"./shared-host-folder.js";import"./shared-core-names.js";import"./shared-bus-sqlite-schema.js";import"./shared-core-neutral.js";export{Lo as errand,mt as runErrand};
