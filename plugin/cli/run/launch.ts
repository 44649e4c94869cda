import { loadConfig } from "../../core/config.ts";
import { DmError } from "../../core/errors.ts";
import type { Env } from "../../core/home.ts";
import { normalise, normaliseSessionName } from "../../core/names.ts";
import { parseApprover } from "../../core/rules.ts";
import type { SettingKey } from "../../core/settings.ts";
import { lineage } from "../../host/lineage.ts";
import { Usage } from "../command.ts";
import { line } from "../terminal/plain.ts";
import type { Profile } from "./profile.ts";
import type { Asked } from "./words.ts";

/** One client as it is to be started. */
export interface Launch {
  readonly folder: string;
  /** What is set or changed in its environment. */
  readonly settings: Readonly<Partial<Record<SettingKey, string>>>;
  readonly words: readonly string[];
}

/** Flags before the profile, and both before what this shell has set. */
export function launchOf(asked: Asked, profile: Profile | null, cwd: string): Launch {
  return {
    folder: profile?.folder ?? cwd,
    settings: settingsOf(asked, profile),
    words: withPrompt(asked, profile),
  };
}

/** @throws Usage for a name, role, project or approver that cannot be. */
export function settingsOf({ texts, flags }: Asked, profile: Profile | null): Launch["settings"] {
  const { approver } = texts;
  const given = {
    CC_DM_SESSION_NAME: named(texts.name, "--name", normaliseSessionName) ?? profile?.name,
    CC_DM_SESSION_ROLE: named(texts.role, "--role", (text) => normalise(text, "role")) ?? profile?.role,
    CC_DM_SESSION_PROJECT:
      named(texts.project, "--project", (text) => normalise(text, "project")) ?? profile?.project,
    CC_DM_PERMISSION_RELAY: flags.has("relay") || approver !== undefined ? "on" : undefined,
    CC_DM_PERMISSION_APPROVER: named(approver, "--approver", approvers),
    CC_DM_NOTIFY: flags.has("notify") ? "on" : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
}

function approvers(text: string): string {
  return text
    .split(",")
    .filter((one) => one.trim() !== "")
    .map((one) => parseApprover(one, "it"))
    .join(",");
}

function named(text: string | undefined, flag: string, read: (text: string) => string): string | undefined {
  if (text === undefined) return undefined;
  try {
    return read(text);
  } catch (error) {
    throw new Usage(`${flag} ${line(JSON.stringify(text))}: ${(error as Error).message}`);
  }
}

// A conversation that goes on was asked its first prompt before; and -p has one of its own.
const goesOn = /^(?:-[cpr]|--(?:continue|resume|print|from-pr|teleport)(?:=.*)?)$/;

/** A prompt given here counts; that of a profile, where a new conversation begins. */
function withPrompt({ texts, client }: Asked, profile: Profile | null): readonly string[] {
  const brought = client.includes("--") || client[0]?.startsWith("-") === false;
  const own = texts.prompt?.trim();
  if (own && brought)
    throw new Usage("The prompt is given twice: by --prompt, and in the words for the client.");
  const its = brought || client.some((word) => goesOn.test(word)) ? null : profile?.prompt;
  const prompt = own === undefined ? its : own;
  return prompt ? [...client, "--", asPrompt(prompt)] : client;
}

/**
 * As the client takes for a prompt and nothing else. Behind `--` nothing is an option to 2.1.329 and 2.1.240,
 * but a single word such as `update` or `mcp` is a command there; a blank before it makes it text.
 */
function asPrompt(text: string): string {
  return /^-|^[^\s/]\S*$/.test(text) ? ` ${text}` : text;
}

// Which process became a client last: one below it that is not below a client was called in its place.
const mark = "CC_DM_RUN_PID";

/** The environment of a client, made of this shell's. */
export function envOf(env: Env, { settings, folder }: Launch, cwd: string, pid: number): Env {
  return {
    ...withoutOuter(env),
    [mark]: String(pid),
    ...settings,
    ...(folder === cwd ? {} : { PWD: folder }),
  };
}

/**
 * What will not be as it was asked for.
 *
 * @throws DmError `bad_setting`: the session's server would not start with these settings.
 */
export function checkSettings(env: Env, { settings }: Launch): readonly string[] {
  const { values, sources } = loadConfig({ env, args: [] });
  if (!values.CC_DM) return [`CC_DM is off (${sources.CC_DM}): this session takes no part.`];
  return (Object.keys(settings) as SettingKey[])
    .filter((key) => sources[key] === "config.json (locked)")
    .map(
      (key) =>
        `${key} is locked in config.json: what stands there counts, not ${JSON.stringify(settings[key])}.`,
    );
}

/** What a session's shell starts is not that session: neither its name nor the role it was given is its own. */
export function withoutOuter(env: Env): Env {
  return env.CLAUDECODE === "1"
    ? { ...env, CC_DM_SESSION_NAME: undefined, CC_DM_SESSION_ROLE: undefined }
    : env;
}

/**
 * A `claude` on the PATH may be somebody's script that runs us: that would go round for ever.
 *
 * @throws DmError `no_client`.
 */
export function refuseCircle(env: Env, pid: number): void {
  const last = Number(env[mark]);
  if (env.CLAUDECODE === "1" || !(last > 1) || !(lineage(pid) ?? []).some((one) => one.pid === last)) return;
  throw new DmError(
    "no_client",
    "What cc-dm run started as the client runs cc-dm run again. Name the client's own program: --client PATH, or CC_DM_CLIENT=PATH.",
  );
}

/** @throws DmError `no_terminal` from a session's shell, for anything but an answer to one prompt. */
export function refuseWithoutTerminal(env: Env, words: readonly string[]): void {
  const runsWithout =
    words.some((word) => word === "-p" || word === "--print") || words[0]?.startsWith("-") === false;
  if (env.CLAUDECODE === "1" && !runsWithout)
    throw new DmError(
      "no_terminal",
      'A client needs a terminal, and the shell of a session has none. Ask the person to start it; or let it answer one prompt and end: cc-dm run --name NAME -p "PROMPT".',
    );
}
