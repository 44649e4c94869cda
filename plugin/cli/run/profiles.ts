import { statSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import * as z from "zod";
import { type DmError, isDmError } from "../../core/errors.ts";
import { normalise, normaliseSessionName } from "../../core/names.ts";
import { neutralise } from "../../core/neutral.ts";
import { realPath } from "../../host/programs.ts";
import { suggest } from "../suggest.ts";
import { line } from "../terminal/plain.ts";
import { bad, type Found, isWithin } from "./find.ts";

/** How a session of a project starts. */
export interface Profile {
  /** Its key in the file, in normal form. */
  readonly key: string;
  readonly name: string;
  readonly role: string | null;
  readonly project: string | null;
  /** Absolute, and within the folder of the file. */
  readonly folder: string;
  readonly prompt: string | null;
}

export interface Profiles {
  readonly file: string;
  /** Those that can be used. */
  readonly profiles: readonly Profile[];
  /** What is wrong with each of the others, by its key: that is for whoever wants to use it, and keeps nobody from the rest. */
  readonly unfit: ReadonlyMap<string, DmError>;
  /** Keys, in the order of their panes. */
  readonly team: readonly string[];
}

const mostProfiles = 32;
const mostOfTeam = 16;
const mostOfPrompt = 10_000;

const one = z.strictObject({
  name: z.string().optional(),
  role: z.string().optional(),
  project: z.string().optional(),
  folder: z.string().max(1000).optional(),
  prompt: z.string().max(mostOfPrompt).optional(),
});
const whole = z.strictObject({
  project: z.string().optional(),
  profiles: z.record(z.string(), z.unknown()),
  team: z.array(z.string()).min(1).max(mostOfTeam).optional(),
});
type One = z.output<typeof one>;

/**
 * The format, in full: `{"project"?, "team"?: [PROFILE…], "profiles": {PROFILE: {"name"?, "role"?, "project"?,
 * "folder"?, "prompt"?}}}`. It comes with a repository, from whoever wrote that: nothing in it decides what a
 * session may do, whom it believes, or which program runs.
 *
 * @throws DmError `bad_profiles`, with what is wrong and where, if not even its profiles can be told.
 */
export function readProfiles({ file, text }: Found): Profiles {
  const parsed = parse(file, text);
  const top = check(whole, parsed, { file, where: "", keys: Object.keys(whole.shape) });
  // zod leaves this key out in silence.
  const held = (parsed as { profiles: object }).profiles;
  const entries = Object.keys(held).map((key) => [key, (held as Record<string, unknown>)[key]] as const);
  if (entries.length === 0) throw bad(file, `has no profile in "profiles"`);
  if (entries.length > mostProfiles) throw bad(file, `has more than ${mostProfiles} profiles`);
  const keys = entries.map(([given]) => named(given, "name", file, "the name of a profile"));
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) throw bad(file, `has the profile "${twice}" twice`);
  const team = teamOf(top.team ?? keys.slice(0, mostOfTeam), keys, file);
  const profiles: Profile[] = [];
  const unfit = new Map<string, DmError>();
  for (const [i, [given, value]] of entries.entries()) {
    const key = keys[i] ?? given;
    try {
      profiles.push({ key, ...profileOf(given, value, top.project, file) });
    } catch (error) {
      if (!isDmError(error)) throw error;
      unfit.set(key, error);
    }
  }
  return { file, profiles, unfit, team };
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    // What the parser says quotes the file, which may lead anywhere by a link.
    throw bad(file, "is not valid JSON");
  }
}

function profileOf(given: string, value: unknown, project: string | undefined, file: string) {
  const where = ` in profile ${shown(given)}`;
  const profile: One = check(one, value, { file, where, keys: Object.keys(one.shape) });
  const text = profile.prompt === undefined ? null : promptOf(profile.prompt, file, where);
  return {
    name: named(profile.name ?? given, "session", file, `"name"${where}`),
    role: profile.role === undefined ? null : named(profile.role, "role", file, `"role"${where}`),
    project: optional(profile.project ?? project, file, `"project"${where}`),
    folder: folderOf(profile.folder ?? ".", file, where),
    prompt: text,
  };
}

function optional(project: string | undefined, file: string, where: string): string | null {
  return project === undefined ? null : named(project, "project", file, where);
}

function named(
  text: string,
  what: "name" | "role" | "project" | "session",
  file: string,
  where: string,
): string {
  try {
    return what === "session" ? normaliseSessionName(text) : normalise(text, what);
  } catch (error) {
    throw bad(file, `cannot be used: ${where}: ${line((error as DmError).message).replace(/\.$/, "")}`);
  }
}

/** A link must not lead out either. */
function folderOf(given: string, file: string, where: string): string {
  const home = realPath(dirname(file));
  const problem = (why: string) => bad(file, `cannot be used: "folder"${where} is ${shown(given)}, ${why}`);
  if (given.includes("\0") || isAbsolute(given) || !isWithin(resolve(home, given), home))
    throw problem("which is not within the folder of this file");
  const folder = realPath(resolve(home, given));
  if (!isWithin(folder, home)) throw problem("which leads out of the folder of this file");
  if (!isFolder(folder)) throw problem("and there is no such folder");
  return folder;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

// What a person asked whether to send it would not see. Joiners and emoji's variants stay.
const hidden =
  /(?!\n|\t|\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

function promptOf(given: string, file: string, where: string): string | null {
  const text = given.replaceAll("\r\n", "\n").trim();
  const problem = (why: string) => bad(file, `cannot be used: "prompt"${where} ${why}`);
  if (hidden.test(text) || !text.isWellFormed()) throw problem("has characters that cannot be seen");
  if (text.startsWith("/"))
    throw problem("begins with a slash: that is a command of the client, and some change what it may do");
  if (neutralise(text) !== text) throw problem("has markup that poses as the client's own");
  return text === "" ? null : text;
}

function teamOf(given: readonly string[], keys: readonly string[], file: string): readonly string[] {
  const team = given.map((text) => named(text, "name", file, `"team"`));
  for (const key of team)
    if (!keys.includes(key)) throw bad(file, `cannot be used: for "team" it has ${noProfile(key, keys)}`);
  const twice = team.find((key, i) => team.indexOf(key) !== i);
  if (twice !== undefined) throw bad(file, `cannot be used: "team" has "${twice}" twice`);
  return team;
}

export function noProfile(key: string, keys: readonly string[]): string {
  const meant = suggest(key, keys);
  return `no profile ${shown(key)}. ${meant === null ? `There ${keys.length === 1 ? "is" : "are"}: ${keys.join(", ")}` : `Did you mean ${meant}?`}`.replace(
    /\.$/,
    "",
  );
}

interface At {
  readonly file: string;
  readonly where: string;
  readonly keys: readonly string[];
}

function check<T>(schema: z.ZodType<T>, value: unknown, { file, where, keys }: At): T {
  const strange = isRecord(value) ? Object.keys(value).find((key) => !keys.includes(key)) : undefined;
  if (strange !== undefined) throw bad(file, `cannot be used: ${unknown(strange, where, keys)}`);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.length ? `${shown(issue.path.join("."))}${where}` : where.trim() || "it";
  throw bad(file, `cannot be used: ${path}: ${line(issue?.message ?? "").replace(/\.$/, "")}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// What decides what a session may do, whom it believes, or what runs.
const trust =
  /perm|approv|allow|deny|block|trust|skip|danger|relay|rule|lock|mode$|bypass|sandbox|arg(s|ument)|flag|option|env|variable|client|binar|command|program|exec|hook|mcp|plugin|channel|settings|tool|add.?dir|cc_?dm_/i;

function unknown(key: string, where: string, keys: readonly string[]): string {
  if (trust.test(key))
    return `${shown(key)}${where} does not belong here: this file comes with the repository, and whoever wrote that must not decide what your sessions may do, whom they believe, or what runs. Give it on the command line (cc-dm run PROFILE ...) or, if it is a setting, in ~/.cc-dm/config.json`;
  const meant = suggest(key, keys);
  const way = meant === null ? `There are: ${keys.join(", ")}` : `Did you mean "${meant}"?`;
  return `there is no ${shown(key)}${where}. ${way}`;
}

function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return `"${line(short)}"`;
}
