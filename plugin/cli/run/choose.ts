import { DmError, isDmError } from "../../core/errors.ts";
import { setting } from "../../core/home.ts";
import { type Terminal, Usage } from "../command.ts";
import { line } from "../terminal/plain.ts";
import { fileName, findFile } from "./find.ts";
import type { Profile } from "./profile.ts";
import { noProfile, type Profiles, readProfiles } from "./profiles.ts";
import { commandLine } from "./quote.ts";

/** @throws DmError `no_profiles` if there is no file. */
export function profilesHere({ cwd, env }: Terminal): Profiles {
  const found = findFile(cwd, setting(env, "HOME"));
  if (found !== null) return readProfiles(found);
  throw new DmError(
    "no_profiles",
    `There is no ${fileName} in ${line(cwd)}, nor above it in its repository. cc-dm run --help shows what stands in one; without a profile: cc-dm run --name NAME. A prompt: --prompt TEXT.`,
  );
}

export function pick({ file, profiles, unfit }: Profiles, key: string): Profile {
  const found = profiles.find((one) => isCalled(key, one.key));
  if (found !== undefined) return found;
  for (const [one, why] of unfit) if (isCalled(key, one)) throw why;
  throw new Usage(
    `${line(file)} has ${noProfile(key, [...profiles.map((one) => one.key), ...unfit.keys()])}`,
  );
}

function isCalled(word: string, key: string): boolean {
  return key === word || key === word.trim().toLowerCase();
}

/** @throws DmError `bad_profiles` if one of them cannot be used, with what starts the others. */
export function membersOf(found: Profiles, keys: readonly string[]): readonly Profile[] {
  const isFit = (key: string) => ![...found.unfit.keys()].some((one) => isCalled(key, one));
  const fit = keys.filter(isFit);
  try {
    return [...new Set(keys.map((key) => pick(found, key)))];
  } catch (error) {
    if (!isDmError(error) || fit.length === 0) throw error;
    const others = commandLine(["cc-dm", "run", "--team", ...fit]);
    throw new DmError(error.code, `${error.message} The others: ${others}`);
  }
}
