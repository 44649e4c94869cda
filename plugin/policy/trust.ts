import type { Bus } from "../bus/bus.ts";
import { idOfKey, signedText, verifies } from "../core/keys.ts";
import { type Message, messageTypes, priorities, type Session, type SessionId } from "../core/model.ts";
import { normalise, normaliseSessionName, personName } from "../core/names.ts";
import { isGenuineRequest } from "../core/permission.ts";
import { recheck } from "./rules.ts";

export interface Trusting {
  readonly bus: Bus;
  /** Who receives. */
  readonly session: Session;
  readonly isPerson: IsPerson;
}

/** Whether an id is that of the person's own key, which lies in a file beside the bus and not in it. */
export type IsPerson = (id: SessionId) => boolean;

/** Whether a message claims to come from the person of this machine and does not. */
export function pretends({ kind, fromName, fromId }: Message, isPerson: IsPerson): boolean {
  return kind !== "notice" && fromName === personName && !isPerson(fromId);
}

export const noSuchSender = "its sender is no session";
/** A request goes to a session, not to whoever has its mailbox later. */
export const notAsked = "it was put to another session";

/**
 * What is wrong with a row that claims to be mail for this session, or null: its form, its signature,
 * its sender's name, the rule on record. Anything wrong means that something wrote past us.
 */
export async function faultOf(
  { bus, session, isPerson }: Trusting,
  message: Message,
  addressed: number,
): Promise<string | null> {
  if (!isGenuine(message)) return "its form, id or signature is wrong";
  if (pretends(message, isPerson)) return "it speaks for the user without the user's key";
  const to = message.recipients.find((recipient) => recipient.mailbox === addressed);
  if (to === undefined) return "it was not signed for this mailbox";
  // Its own recipient line, or one that moved here with a mailbox that is no more.
  if (addressed !== session.mailbox && (await bus.mailbox(addressed)) !== null) return "it was diverted";
  const sender = await bus.session(message.fromId);
  if (sender === null) return noSuchSender;
  const { kind, fromName, inReplyTo } = message;
  if (kind !== "notice" && fromName !== sender.name && !(await bus.bore(sender.id, fromName))) {
    return "its sender never had that name";
  }
  const answered = inReplyTo !== null && (await wroteTo(bus, session, message, sender));
  const asked = message.kind === "request" && (await wasAsked(bus, session, message));
  if (message.kind === "request" && !asked) return notAsked;
  return recheck(message, to, { answered, asked }) ? null : `the rule "${message.rule}" does not allow it`;
}

/** Whether the request that a message is about was put to this very session by the message's sender. */
async function wasAsked(bus: Bus, session: Session, { threadId, fromId }: Message): Promise<boolean> {
  const request = threadId === null ? null : await bus.request(threadId);
  return (
    request !== null &&
    request.session === fromId &&
    request.asked.includes(session.id) &&
    isGenuineRequest(request)
  );
}

/** What a reply or notice rests on: this mailbox wrote the message that is answered, to its sender. */
async function wroteTo(bus: Bus, session: Session, message: Message, sender: Session): Promise<boolean> {
  if (message.inReplyTo === null) return false;
  if (message.rule === "notice") return bus.wrote(message.inReplyTo, session.mailbox);
  return message.rule === "reply" && bus.wrote(message.inReplyTo, session.mailbox, sender);
}

/** Written by the session it names, and in a form that a tool call could have produced. */
export function isGenuine(message: Message): boolean {
  return (
    isWellFormed(message) &&
    idOfKey(message.publicKey) === message.fromId &&
    verifies({ publicKey: message.publicKey, text: signedText(message), signature: message.signature })
  );
}

// A row written past us may carry a valid signature of a key of its own. What stands in the frame's
// first line and in the channel's attributes must then still be unable to break out of them.
function isWellFormed(message: Message): boolean {
  const { id, kind, fromName, fromRole, fromProject, priority, type, threadId, inReplyTo } = message;
  return (
    isMessageId(id) &&
    (kind === "notice"
      ? fromName === "cc-dm" && fromRole === "notice"
      : isSender(fromName) && isNormal(fromRole, "role")) &&
    (fromProject === null || isNormal(fromProject, "project")) &&
    (priority === null || priorities.includes(priority)) &&
    (type === null || messageTypes.includes(type)) &&
    (threadId === null || threadPattern.test(threadId)) &&
    (inReplyTo === null || isMessageId(inReplyTo)) &&
    [message.hops, message.sentAt, message.ttlMs].every((n) => Number.isSafeInteger(n) && n >= 0)
  );
}

/** The form of a thread's name; it becomes an attribute, so nothing in it may end one. */
export const threadPattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._:/#@ -]{0,63}$/u;

function isMessageId(text: string): boolean {
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);
}

/** No session can have taken a name that reads like the person's, or like cc-dm's. */
function isSender(name: string): boolean {
  try {
    return name === personName || normaliseSessionName(name) === name;
  } catch {
    return false;
  }
}

function isNormal(text: string, what: "name" | "role" | "project"): boolean {
  try {
    return normalise(text, what) === text;
  } catch {
    return false;
  }
}
