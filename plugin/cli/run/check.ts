import type * as z from "zod";
import type { DmError } from "../../core/errors.ts";
import { normalise, normaliseSessionName } from "../../core/names.ts";
import { suggest } from "../suggest.ts";
import { line } from "../terminal/plain.ts";
import { bad } from "./find.ts";

/** A file of profiles that says what it may not, or nothing that makes sense. */
export function wrong(file: string, why: string): DmError {
  return bad(file, `has a mistake: ${why}`);
}

export interface At {
  readonly file: string;
  readonly where: string;
  readonly keys: readonly string[];
}

/** A part of the file that has the shape it is to have, and nothing else. */
export function check<T>(schema: z.ZodType<T>, value: unknown, { file, where, keys }: At): T {
  const strange = isRecord(value) ? Object.keys(value).find((key) => !keys.includes(key)) : undefined;
  if (strange !== undefined) throw wrong(file, unknown(strange, where, keys));
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.length ? `${shown(issue.path.join("."))}${where}` : where.trim() || "it";
  throw wrong(file, `${path}: ${line(issue?.message ?? "").replace(/\.$/, "")}`);
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

export function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return `"${line(short)}"`;
}

/** A name in normal form. */
export function named(
  text: string,
  what: "name" | "role" | "project" | "session",
  file: string,
  where: string,
): string {
  try {
    return what === "session" ? normaliseSessionName(text) : normalise(text, what);
  } catch (error) {
    throw wrong(file, `${where}: ${line((error as DmError).message).replace(/\.$/, "")}`);
  }
}
