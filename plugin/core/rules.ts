import { DmError } from "./errors.ts";
import { normalise } from "./names.ts";

/** One line of the person's policy for permission requests; the first that fits decides. */
export interface PermissionRule {
  readonly project?: string;
  readonly role?: string;
  /** A tool's name, `*` for any run of characters. */
  readonly tool?: string;
  /** What the tool is called with (a command, a path, a URL), `*` for any run of characters. */
  readonly pattern?: string;
  readonly outcome:
    | { readonly kind: "user" | "allow" | "deny" }
    | { readonly kind: "ask"; readonly approvers: readonly string[] };
}

const keys = ["project", "role", "tool", "pattern", "then"];

/** @throws DmError `bad_setting`: a rule that cannot be understood stops the start; it is never skipped. */
export function parseRules(value: unknown, where: string): readonly PermissionRule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw bad(where, "must be a list of rules");
  return value.map((rule, i) => parseRule(rule, `${where}, rule ${i + 1},`));
}

function parseRule(rule: unknown, where: string): PermissionRule {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) throw bad(where, "must be an object");
  const given = rule as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(given)) {
    if (!keys.includes(key)) throw bad(where, `has "${key}"; there are ${keys.join(", ")}`);
    if (typeof value !== "string" || value.trim() === "") throw bad(where, `"${key}" must be a text`);
  }
  const { project, role, tool, pattern, then } = given as Readonly<Record<string, string | undefined>>;
  if (then === undefined) throw bad(where, 'needs "then"');
  return {
    ...(project === undefined ? {} : { project: named(project, "project", where) }),
    ...(role === undefined ? {} : { role: named(role, "role", where) }),
    ...(tool === undefined ? {} : { tool }),
    ...(pattern === undefined ? {} : { pattern }),
    outcome: parseOutcome(then.trim(), where),
  };
}

function parseOutcome(text: string, where: string): PermissionRule["outcome"] {
  if (text === "user" || text === "allow" || text === "deny") return { kind: text };
  const [, list] = /^ask\s+(\S.*)$/s.exec(text) ?? [];
  if (list === undefined)
    throw bad(where, `"then" is ${JSON.stringify(text)}; there are user, allow, deny, ask NAME`);
  return { kind: "ask", approvers: list.split(",").map((one) => parseApprover(one, where)) };
}

/** A name, or `role:NAME`. */
export function parseApprover(text: string, where: string): string {
  const word = text.trim();
  if (word.toLowerCase() === "user") return "user"; // always asked; to name it does no harm
  return word.startsWith("role:")
    ? `role:${named(word.slice(5), "role", where)}`
    : named(word, "name", where);
}

function named(text: string, what: "name" | "role" | "project", where: string): string {
  try {
    return normalise(text, what);
  } catch (error) {
    throw bad(where, (error as Error).message);
  }
}

function bad(where: string, why: string): DmError {
  return new DmError("bad_setting", `${where} ${why}.`);
}
