import { statSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import * as z from "zod";
import { neutralise } from "../../core/neutral.ts";
import { realPath } from "../../host/programs.ts";
import { check, named, shown, wrong } from "./check.ts";
import { isWithin } from "./find.ts";

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

const mostOfPrompt = 10_000;

const one = z.strictObject({
  name: z.string().optional(),
  role: z.string().optional(),
  project: z.string().optional(),
  folder: z.string().max(1000).optional(),
  prompt: z.string().max(mostOfPrompt).optional(),
});

export function profileOf(
  given: string,
  value: unknown,
  project: string | undefined,
  file: string,
): Omit<Profile, "key"> {
  const where = ` in profile ${shown(given)}`;
  const profile = check(one, value, { file, where, keys: Object.keys(one.shape) });
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

/** A link must not lead out either. */
function folderOf(given: string, file: string, where: string): string {
  const home = realPath(dirname(file));
  const problem = (why: string) => wrong(file, `"folder"${where} is ${shown(given)}, ${why}`);
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
  const problem = (why: string) => wrong(file, `"prompt"${where} ${why}`);
  if (hidden.test(text) || !text.isWellFormed()) throw problem("has characters that cannot be seen");
  if (text.startsWith("/"))
    throw problem("begins with a slash: that is a command of the client, and some change what it may do");
  if (neutralise(text) !== text) throw problem("has markup that poses as the client's own");
  return text === "" ? null : text;
}
