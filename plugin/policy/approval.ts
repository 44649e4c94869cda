import type { Identity, Presence, Session } from "../core/model.ts";
import { wholeInput } from "../core/permission.ts";
import type { PermissionRule } from "../core/rules.ts";
import type { Standing } from "./presence.ts";

/** What the person's rules say of one request; the first that fits. Null: none does, everyone asked may decide. */
export interface Ruling {
  /** From 1, as the person counts. */
  readonly number: number;
  readonly outcome: PermissionRule["outcome"];
}

export interface Asking {
  readonly self: Identity;
  /** As it was at its start: register must not lift a rule, nor bring one that allows. */
  readonly start: Identity;
  readonly tool: string;
  readonly input: string;
}

export function rulingOn(rules: readonly PermissionRule[], asking: Asking): Ruling | null {
  const index = rules.findIndex((rule) => fits(rule, asking));
  const rule = rules[index];
  return rule === undefined ? null : { number: index + 1, outcome: rule.outcome };
}

function fits(rule: PermissionRule, { self, start, tool, input }: Asking): boolean {
  const isFor = ({ role, project }: Identity) =>
    (rule.project === undefined || rule.project === project) &&
    (rule.role === undefined || rule.role === role);
  const meant = isMeant(rule.outcome.kind, isFor(self), isFor(start));
  if (!meant) return false;
  if (rule.tool !== undefined && !matches(rule.tool, tool)) return false;
  const allows = rule.outcome.kind === "allow";
  // Of a preview the rest may say anything.
  if (allows && wholeInput(input) === null) return false;
  if (rule.pattern === undefined) return true;
  const { text, isCommand } = subject(input);
  // `git status*` must not allow `git status; rm -rf ~`, nor `/code/*` a way out of it.
  const tricky = isCommand ? /[;&|<>`$()\n\r\\]/.test(text) : /(^|[\\/])\.\.([\\/]|$)/.test(text);
  return allows && tricky ? rule.pattern === text : matches(rule.pattern, text);
}

/** Nothing is gained by another role or project than that of the start. */
function isMeant(kind: PermissionRule["outcome"]["kind"], now: boolean, atStart: boolean): boolean {
  switch (kind) {
    case "allow":
      return now && atStart;
    case "ask":
      return atStart;
    case "deny":
    case "user":
      return now || atStart;
  }
}

const commandKeys = ["command", "cmd", "script", "code"];
const placeKeys = ["file_path", "notebook_path", "path", "url"];

/** What a tool acts on, as a person would name it: the command, the path, the URL; else all of the input. */
export function subjectOf(input: string): string {
  return subject(input).text;
}

function subject(input: string): { readonly text: string; readonly isCommand: boolean } {
  const given = wholeInput(input);
  const key = subjectKey(given);
  if (given === null || key === null) return { text: input, isCommand: false };
  return { text: String(given[key]), isCommand: commandKeys.includes(key) };
}

/** The part of an input that says what the tool acts on. */
export function subjectKey(given: Readonly<Record<string, unknown>> | null): string | null {
  return [...commandKeys, ...placeKeys].find((key) => typeof given?.[key] === "string") ?? null;
}

/** `*` stands for any run of characters, line ends too. Walks the text once for each part: no pattern makes it slow. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const first = parts.shift() ?? "";
  if (!text.startsWith(first)) return false;
  const last = parts.pop();
  if (last === undefined) return text === first;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

export interface Approver {
  readonly session: Session;
  readonly presence: Presence;
}

export interface Approvers {
  readonly asked: readonly Approver[];
  /** Named, but nobody to ask now, and why. */
  readonly missing: readonly string[];
}

export interface Choosing {
  readonly self: Session;
  readonly roster: readonly Session[];
  readonly standing: (session: Session) => Standing;
  /** Names and `role:NAME`; empty: the sessions of the same project. */
  readonly wanted: readonly string[];
  /** Whether a session is of the requester's own client, or was started from it. */
  readonly spawned: (session: Session) => boolean;
}

/** Who may decide for a session: never itself, nor what it started. */
export function approversOf({ self, roster, standing, wanted, spawned }: Choosing): Approvers {
  const asked: Approver[] = [];
  const missing: string[] = [];
  // The role that counts is the one at start: register makes nobody an approver.
  const others = roster.filter((one) => one.id !== self.id);
  const consider = (session: Session): string | null => {
    if (asked.some((one) => one.session.id === session.id)) return null;
    if (spawned(session)) return `${session.name} was started by this session and cannot decide for it`;
    const presence = standing(session);
    if (presence === "gone") return `${session.name} is not running`;
    asked.push({ session, presence });
    return null;
  };
  if (wanted.length === 0) {
    for (const session of others) if (session.listed && session.project === self.project) consider(session);
    return { asked, missing };
  }
  for (const word of wanted) {
    if (word === "user") continue; // always asked
    const role = word.startsWith("role:") ? word.slice(5) : null;
    const fitting = others.filter((one) =>
      role === null ? one.name === word : one.startRole === role && one.listed,
    );
    if (fitting.length === 0) missing.push(`${word} is not running`);
    for (const session of fitting) {
      const why = consider(session);
      if (why !== null) missing.push(why);
    }
  }
  return { asked, missing };
}

/** What a requester should know at once of those it asks. */
export function remarks({ asked, missing }: Approvers): readonly string[] {
  return [
    ...missing,
    ...asked.flatMap(({ session: { name, condition }, presence }) => {
      if (presence === "busy" || presence === "blocked") return [`${name} is ${presence}`];
      if (presence === "away" || presence === "deaf") return [`${name} is ${presence} and may not see it`];
      return condition?.reach === "deaf" || condition?.reach === "pull"
        ? [`${name} may not see it soon`]
        : [];
    }),
  ];
}
