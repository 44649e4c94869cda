import * as z from "zod";
import { defaultReplyLimit } from "./model.ts";
import { normalise, normaliseSessionName } from "./names.ts";
import { parseApprover } from "./rules.ts";

/** Every setting, once: its key, its form and its default. README's table is checked against this. */
const named = (what: "role" | "project") => z.string().overwrite((text) => normalise(text, what));
const entries = (text: string) =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
const list = z
  .string()
  .default("")
  .transform(entries)
  // Normalised exactly as names are: a list that is not would never match, and nobody would notice.
  .transform((names) => names.map((name) => normalise(name, "name")));
const onOff = (fallback: "on" | "off") =>
  z
    .stringbool({ truthy: ["on", "1", "true", "yes"], falsy: ["off", "0", "false", "no"] })
    .default(fallback === "on");
const whole = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);

export const settings = {
  CC_DM: onOff("on"),
  CC_DM_SESSION_NAME: z.string().overwrite(normaliseSessionName).optional(),
  CC_DM_SESSION_ROLE: named("role").default("worker"),
  CC_DM_SESSION_PROJECT: named("project").optional(),
  CC_DM_CHANNEL: z.enum(["auto", "on", "off"]).default("auto"),
  CC_DM_WAKE: onOff("on"),
  CC_DM_BELL: onOff("on"),
  CC_DM_BROADCAST_ALLOWED_ROLES: list,
  CC_DM_DM_ALLOWLIST: list,
  CC_DM_DM_BLOCKLIST: list,
  CC_DM_PERMISSION_RELAY: onOff("off"),
  CC_DM_PERMISSION_APPROVER: z
    .string()
    .default("")
    .transform((text) => entries(text).map((entry) => parseApprover(entry, "CC_DM_PERMISSION_APPROVER:"))),
  CC_DM_APPROVER: onOff("off"),
  CC_DM_NOTIFY: onOff("off"),
  CC_DM_TRANSCRIPT: onOff("on"),
  CC_DM_MESSAGE_TTL_S: whole(86_400, 1, 30 * 86_400),
  CC_DM_MAX_CHARS: whole(10_000, 1, 1_000_000),
  CC_DM_MAX_BUS_MB: whole(1000, 1, 1_000_000),
  CC_DM_REPLY_LIMIT: whole(defaultReplyLimit, 1, 1000),
  CC_DM_HISTORY_DAYS: whole(7, 1, 3650),
} as const;

export type SettingKey = keyof typeof settings;
export const settingKeys = Object.keys(settings) as readonly SettingKey[];
export type Values = { readonly [K in SettingKey]: z.output<(typeof settings)[K]> };

/** What it is where nothing says otherwise; undefined: none. */
export function defaultOf(key: SettingKey): Values[SettingKey] {
  return settings[key].parse(undefined);
}
