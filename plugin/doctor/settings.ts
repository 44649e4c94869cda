import { type Finding, fault, ok } from "../core/finding.ts";
import { settingKeys } from "../core/settings.ts";
import type { Check } from "./facts.ts";

const each: Check = ({ settings, home, homeGiven }) => {
  if ("wrong" in settings) {
    return [fault("settings", settings.wrong, "Correct or unset it; until then no session starts here.")];
  }
  const { values, sources } = settings.config;
  const folder: Finding[] =
    home === null
      ? []
      : [ok("settings.CC_DM_HOME", `${home.folder} (${homeGiven ? "environment" : "default"})`)];
  return [
    ...folder,
    ...settingKeys.map((key) => ok(`settings.${key}`, `${settingText(values[key])} (${sources[key]})`)),
  ];
};

/** A setting's value as a person writes it. */
export function settingText(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  return Array.isArray(value) ? value.join(", ") || "empty" : String(value);
}

export const settings: readonly Check[] = [each];
