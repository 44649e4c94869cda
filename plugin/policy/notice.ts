import type { Posting } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import { type Keys, signedText } from "../core/keys.ts";
import type { Letter, Mailbox, Message, Session } from "../core/model.ts";

const dayMs = 86_400_000;

export interface NoticeParts {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly newId: (now: number) => string;
  readonly self: () => Session;
  readonly historyDays: number;
}

/** A word of cc-dm itself to whoever wrote a message, about that message. */
export function noticeTo(
  { clock, keys, newId, self, historyDays }: NoticeParts,
  to: Pick<Mailbox, "id" | "name" | "project">,
  about: Pick<Message, "id" | "threadId">,
  body: string,
): Posting {
  const { id, mailbox } = self();
  const now = clock.now();
  const letter: Letter = {
    id: newId(now),
    kind: "notice",
    fromId: id,
    fromName: "cc-dm",
    fromRole: "notice",
    fromProject: null,
    recipients: [{ mailbox: to.id, name: to.name, project: to.project }],
    body,
    priority: null,
    type: null,
    threadId: about.threadId,
    inReplyTo: about.id,
    hops: 0,
    rule: "notice",
    sentAt: now,
    ttlMs: historyDays * dayMs,
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
