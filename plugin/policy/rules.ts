import type { Identity, Message, Recipient, ScopeRule } from "../core/model.ts";
import { personName } from "../core/names.ts";

/** A rule's answer is a value: it is written down with the message it let through. */
export type Verdict<Rule = true> =
  | { readonly ok: true; readonly rule: Rule }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface Lists {
  readonly broadcastRoles: readonly string[];
  readonly dmAllow: readonly string[];
  readonly dmBlock: readonly string[];
}

/** A new message of a session with a project reaches that project and the person only; one without reaches all. */
export function scope(self: Identity, to: { name: string; project: string | null }): Verdict<ScopeRule> {
  if (to.name === personName) return { ok: true, rule: "user" };
  if (self.project === null) return { ok: true, rule: "no-project" };
  if (self.project === to.project) return { ok: true, rule: "same-project" };
  return {
    ok: false,
    code: "out_of_scope",
    message: `"${to.name}" is ${to.project === null ? "in no project" : `in project "${to.project}"`}; you are in "${self.project}" and write to that project only. You can answer a message it sends you, or change project with register.`,
  };
}

/** The sender's own lists, which its person set. They bind replies too. */
export function mayWriteTo(name: string, lists: Lists): Verdict {
  if (lists.dmAllow.length > 0 && !lists.dmAllow.includes(name)) {
    return {
      ok: false,
      code: "not_allowed",
      message: `This session may write only to: ${lists.dmAllow.join(", ")} (CC_DM_DM_ALLOWLIST).`,
    };
  }
  if (lists.dmBlock.includes(name)) {
    return {
      ok: false,
      code: "not_allowed",
      message: `This session may not write to "${name}" (CC_DM_DM_BLOCKLIST).`,
    };
  }
  return { ok: true, rule: true };
}

/** The role that counts is the one at start: `register` lifts no gate. */
export function mayBroadcast(startRole: string, lists: Lists): Verdict {
  if (lists.broadcastRoles.length === 0 || lists.broadcastRoles.includes(startRole))
    return { ok: true, rule: true };
  return {
    ok: false,
    code: "not_allowed",
    message: `Broadcasts are for the roles ${lists.broadcastRoles.join(", ")} (CC_DM_BROADCAST_ALLOWED_ROLES); this session started as "${startRole}". Write to one session with dm.`,
  };
}

/** Asked again by the receiver: does the rule on record allow this message, as signed, to come to this recipient? */
export function recheck(
  message: Message,
  to: Recipient,
  wrote: { readonly answered: boolean; readonly asked: boolean },
): boolean {
  // Only cc-dm itself speaks as cc-dm, and only about something this mailbox sent.
  if ((message.kind === "notice") !== (message.rule === "notice")) return false;
  if ((message.kind === "request") !== (message.rule === "relay")) return false;
  switch (message.rule) {
    case "no-project":
      return message.fromProject === null;
    case "same-project":
      return message.fromProject !== null && message.fromProject === to.project;
    case "user":
      return to.name === personName;
    case "relay":
      return message.kind === "request" && wrote.asked;
    case "reply":
    case "notice":
      return message.inReplyTo !== null && wrote.answered;
  }
}
