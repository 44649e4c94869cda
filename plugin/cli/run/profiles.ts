import * as z from "zod";
import { type DmError, isDmError } from "../../core/errors.ts";
import { suggest } from "../suggest.ts";
import { check, named, shown, wrong } from "./check.ts";
import { bad, type Found } from "./find.ts";
import { type Profile, profileOf } from "./profile.ts";

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

const whole = z.strictObject({
  project: z.string().optional(),
  profiles: z.record(z.string(), z.unknown()),
  team: z.array(z.string()).min(1).max(mostOfTeam).optional(),
});

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

function teamOf(given: readonly string[], keys: readonly string[], file: string): readonly string[] {
  const team = given.map((text) => named(text, "name", file, `"team"`));
  for (const key of team)
    if (!keys.includes(key)) throw wrong(file, `for "team" it has ${noProfile(key, keys)}`);
  const twice = team.find((key, i) => team.indexOf(key) !== i);
  if (twice !== undefined) throw wrong(file, `"team" has "${twice}" twice`);
  return team;
}

export function noProfile(key: string, keys: readonly string[]): string {
  const meant = suggest(key, keys);
  return `no profile ${shown(key)}. ${meant === null ? `There ${keys.length === 1 ? "is" : "are"}: ${keys.join(", ")}` : `Did you mean ${meant}?`}`.replace(
    /\.$/,
    "",
  );
}
