import type { Values } from "../core/settings.ts";
import type { Limits } from "./post.ts";
import type { Lists } from "./rules.ts";

const mailbox = 10_000;
const sendsPerMinute = 5_000;

export function limitsOf(values: Values): Limits {
  return {
    maxChars: values.CC_DM_MAX_CHARS,
    ttlMs: values.CC_DM_MESSAGE_TTL_S * 1000,
    mailbox,
    sendsPerMinute,
    busMegabytes: values.CC_DM_MAX_BUS_MB,
    replies: values.CC_DM_REPLY_LIMIT,
  };
}

export function listsOf(values: Values): Lists {
  return {
    broadcastRoles: values.CC_DM_BROADCAST_ALLOWED_ROLES,
    dmAllow: values.CC_DM_DM_ALLOWLIST,
    dmBlock: values.CC_DM_DM_BLOCKLIST,
  };
}
