import type { Posting } from "../bus/bus.ts";
import { type Clock, dayMs } from "../core/clock.ts";
import { type Keys, signedText } from "../core/keys.ts";
import type { Letter, Mailbox, Message, Session } from "../core/model.ts";

export interface NoticeParts {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly newId: (now: number) => string;
  readonly self: () => Session;
  readonly historyDays: number;
}

type Box = Pick<Mailbox, "id" | "name" | "project">;

/** A word of cc-dm itself to whoever wrote a message, about that message. */
export function noticeTo(
  parts: NoticeParts,
  to: Box,
  about: Pick<Message, "id" | "threadId">,
  body: string,
): Posting {
  return seal(parts, to, {
    kind: "notice",
    fromName: "cc-dm",
    fromRole: "notice",
    fromProject: null,
    body,
    priority: null,
    threadId: about.threadId,
    inReplyTo: about.id,
    rule: "notice",
    ttlMs: parts.historyDays * dayMs,
  });
}

/** A permission request, or word of what came of it, to one who was asked. */
export function relayTo(
  parts: NoticeParts,
  to: Session,
  request: string,
  body: string,
  priority: Letter["priority"],
): Posting {
  const { name, role, project } = parts.self();
  const box = { id: to.mailbox, name: to.name, project: to.project };
  return seal(parts, box, {
    kind: "request",
    fromName: name,
    fromRole: role,
    fromProject: project,
    body,
    priority,
    threadId: request,
    inReplyTo: null,
    rule: "relay",
    ttlMs: dayMs,
  });
}

function seal(
  { clock, keys, newId, self }: NoticeParts,
  to: Box,
  parts: Omit<Letter, "id" | "fromId" | "recipients" | "type" | "hops" | "sentAt">,
): Posting {
  const now = clock.now();
  const { id, mailbox } = self();
  const letter: Letter = {
    ...parts,
    id: newId(now),
    fromId: id,
    recipients: [{ mailbox: to.id, name: to.name, project: to.project }],
    type: null,
    hops: 0,
    sentAt: now,
  };
  return {
    letter,
    publicKey: keys.publicKey,
    signature: keys.sign(signedText(letter)),
    fromMailbox: mailbox,
    mailboxLimit: Number.MAX_SAFE_INTEGER, // a full mailbox must not swallow the news of a loss
  };
}

/** So much of a message as its sender needs to know which it was. */
export function excerpt({ body }: Pick<Message, "body">): string {
  return body.length > 200 ? `${[...body].slice(0, 200).join("")}…` : body;
}
