import { readFileSync } from "node:fs";
import { DmError, isDmError } from "./errors.ts";
import { type Home, homeFrom, setting } from "./home.ts";
import { type PermissionRule, parseRules } from "./rules.ts";
import { type SettingKey, settingKeys, settings, type Values } from "./settings.ts";

export type Source = "command line" | "environment" | "config.json" | "config.json (locked)" | "default";

export interface Config {
  readonly home: Home;
  readonly values: Values;
  readonly sources: Readonly<Record<SettingKey, Source>>;
  /** The person's policy for permission requests; from the usual home's file alone. */
  readonly rules: readonly PermissionRule[];
}

interface Given {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Arguments such as `--session-name backend` or `--session-name=backend`. */
  readonly args: readonly string[];
}

/**
 * Command line before environment before config.json, but what stands there under `locked` beats
 * both: a trusted repository can set the environment of its sessions (its client settings' `env`).
 *
 * @throws DmError `bad_setting`: a wrong value stops the start; it never becomes a default in silence.
 */
export function loadConfig({ env, args }: Given): Config {
  const home = homeFrom(env);
  const flags = readFlags(args);
  const file = readFile(home.config);
  // A repository that moves CC_DM_HOME must not thereby get rid of the locks in the usual place.
  const usual = homeFrom({ ...env, CC_DM_HOME: undefined, HOME: env.HOME ?? home.folder });
  const main = usual.config === home.config ? file : readFile(usual.config);
  const locked = { ...file.locked, ...main.locked };

  if (file !== main && file.permissions !== undefined) {
    throw new DmError(
      "bad_setting",
      `"permissions" stand in ${usual.config} alone, whatever CC_DM_HOME says; move them there from ${home.config}.`,
    );
  }

  const values: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const key of settingKeys) {
    const found = pick([
      ["config.json (locked)", locked[key]],
      ["command line", flags[key]],
      ["environment", setting(env, key)],
      ["config.json", file.plain[key]],
    ]);
    sources[key] = found?.source ?? "default";
    values[key] = parseSetting(key, found);
  }
  const config = {
    home,
    values: values as Values,
    sources: sources as Record<SettingKey, Source>,
    rules: parseRules(main.permissions, `"permissions" in ${usual.config}`),
  };
  if (config.values.CC_DM_DM_ALLOWLIST.length > 0 && config.values.CC_DM_DM_BLOCKLIST.length > 0) {
    throw new DmError(
      "bad_setting",
      `CC_DM_DM_ALLOWLIST (${sources.CC_DM_DM_ALLOWLIST}) and CC_DM_DM_BLOCKLIST (${sources.CC_DM_DM_BLOCKLIST}) exclude each other; unset one.`,
    );
  }
  return config;
}

type Found = { readonly source: Source; readonly text: string };

function pick(places: readonly (readonly [Source, string | undefined])[]): Found | undefined {
  for (const [source, text] of places) if (text !== undefined) return { source, text };
  return undefined;
}

function parseSetting(key: SettingKey, found: Found | undefined): unknown {
  try {
    const result = settings[key].safeParse(found?.text);
    if (result.success) return result.data;
    throw new DmError("bad_setting", result.error.issues.map((issue) => issue.message).join("; "));
  } catch (error) {
    if (!isDmError(error)) throw error;
    throw new DmError(
      "bad_setting",
      `${key} is ${JSON.stringify(found?.text)} (${found?.source}): ${error.message}`,
      { cause: error },
    );
  }
}

function readFlags(args: readonly string[]): Partial<Record<SettingKey, string>> {
  const flags: Partial<Record<SettingKey, string>> = {};
  for (let i = 0; i < args.length; i++) {
    const given = args[i] ?? "";
    const [, word, inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(given) ?? [];
    const key = settingKeys.find((candidate) => flagOf(candidate) === word);
    const value = inline ?? args[++i];
    if (key === undefined || value === undefined) {
      const known = settingKeys.map((candidate) => `--${flagOf(candidate)}`).join(", ");
      const what = key === undefined ? `Unknown argument ${given}` : `${given} needs a value`;
      throw new DmError("bad_setting", `${what}. Known: ${known}.`);
    }
    flags[key] = value;
  }
  return flags;
}

function flagOf(key: SettingKey): string {
  return (key === "CC_DM" ? "cc-dm" : key.slice("CC_DM_".length)).toLowerCase().replaceAll("_", "-");
}

type Keys = Readonly<Record<string, string | undefined>>;

interface ConfigFile {
  readonly plain: Keys;
  readonly locked: Keys;
  readonly permissions?: unknown;
}

function readFile(path: string): ConfigFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code === "ENOENT" ||
      (error as NodeJS.ErrnoException).code === "ENOTDIR"
    ) {
      return { plain: {}, locked: {} };
    }
    throw new DmError("bad_setting", `${path} cannot be read (${String(error)}).`, { cause: error });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new DmError(
      "bad_setting",
      `${path} is not valid JSON (${String(error)}). Mend it or move it away.`,
      { cause: error },
    );
  }
  if (!isRecord(parsed)) throw new DmError("bad_setting", `${path} must hold one JSON object.`);
  const { locked = {}, permissions, ...plain } = parsed;
  if (!isRecord(locked))
    throw new DmError("bad_setting", `"locked" in ${path} must be an object of settings.`);
  return { plain: asTexts(plain, path), locked: asTexts(locked, path), permissions };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asTexts(values: Record<string, unknown>, path: string): Keys {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    if (!(settingKeys as readonly string[]).includes(key)) {
      throw new DmError(
        "bad_setting",
        `${path} has an unknown setting ${JSON.stringify(key)}. Known: ${settingKeys.join(", ")}.`,
      );
    }
    const text = Array.isArray(value) ? value.join(",") : value;
    if (!["string", "number", "boolean"].includes(typeof text)) {
      throw new DmError("bad_setting", `${key} in ${path} must be a text, number or true/false.`);
    }
    texts[key] = String(text);
  }
  return texts;
}
