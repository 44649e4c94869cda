import type { Bus, Posted } from "../bus/bus.ts";
import { type Clock, dayMs, iso } from "../core/clock.ts";
import { DmError } from "../core/errors.ts";
import { type Keys, signedText } from "../core/keys.ts";
import type { Log } from "../core/log.ts";
import type {
  EpochMs,
  Letter,
  MessageType,
  Notification,
  Presence,
  Priority,
  ScopeRule,
  Session,
} from "../core/model.ts";
import { personName } from "../core/names.ts";
import { neutralise } from "../core/neutral.ts";
import type { Target } from "./address.ts";
import { flood } from "./flood.ts";
import { dampingMs, hopsAfter } from "./loop.ts";
import type { Standing } from "./presence.ts";
import { room } from "./room.ts";
import type { Lists } from "./rules.ts";
import type { IsPerson } from "./trust.ts";

export interface Limits {
  readonly maxChars: number;
  readonly ttlMs: number;
  readonly mailbox: number;
  readonly sendsPerMinute: number;
  /** Of the whole bus, read mail included. */
  readonly busMegabytes: number;
  /** Answers in a row without work between them, from which on they are held back. */
  readonly replies: number;
}

export interface DeskParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly log: Log;
  readonly limits: Limits;
  readonly lists: Lists;
  readonly newId: (now: number) => string;
  readonly historyDays: number;
  readonly standing: (session: Session) => Standing;
  readonly isPerson: IsPerson;
  /** The person's own entry on the bus, to write to. */
  readonly person: () => Promise<Session>;
  /** Tells the person that mail came for them, where a desktop notice was asked for. */
  readonly tellPerson: (letter: Letter) => void;
  /** When this session last used a tool or heard its person; null: its hooks do not tell. */
  readonly progressAt: () => EpochMs | null;
  /** After the commit: tells a receiver to look now. A hint; the poll covers its loss. */
  readonly ring: (to: Session, presence: Presence) => void;
  /** When what was just sent expires, so that its sender is told in time. */
  readonly expiresAt: (at: EpochMs) => void;
}

export interface Draft {
  readonly content: string;
  readonly priority?: Priority | undefined;
  readonly message_type?: MessageType | undefined;
  readonly thread_id?: string | undefined;
  readonly ttl_s?: number | undefined;
  readonly notify?: Notification | undefined;
}

export interface Sent {
  readonly message_id: string;
  /** The person has no presence. */
  readonly recipients: readonly { readonly name: string; readonly presence?: Presence }[];
  readonly skipped?: readonly { readonly name: string; readonly why: string }[];
  readonly note?: string;
}

export interface Envelope {
  readonly self: Session;
  readonly targets: readonly Target[];
  readonly rule: ScopeRule;
  readonly kind: Letter["kind"];
  readonly draft: Draft;
  readonly hops: number;
  readonly inReplyTo?: string;
}

/**
 * The way out for every message: checks its text and the sender's pace, signs it, writes it and all
 * its deliveries in one transaction, then rings.
 *
 * The write is in the bus's queue when the call returns its promise: order is the order of calls.
 *
 * @throws DmError `empty_content`, `too_long`, `too_many`, `bus_at_limit`, `mailbox_full`, `unknown_message`; nothing was sent then.
 */
export function poster(parts: DeskParts): (envelope: Envelope) => Promise<Sent> {
  const { bus, clock, keys, limits } = parts;
  const admitted = flood(limits.sendsPerMinute);
  const refuseWithoutRoom = room(bus, limits.busMegabytes);
  return async ({ self, targets, rule, kind, draft, hops, inReplyTo = null }) => {
    checkContent(draft.content, limits.maxChars);
    const up = clock.up();
    refuseWithoutRoom(up);
    if (!admitted.admit(up)) {
      throw new DmError(
        "too_many",
        `This session sent ${limits.sendsPerMinute} messages within a minute. Put several into one, or wait a minute.`,
      );
    }
    const now = clock.now();
    const letter: Letter = {
      id: parts.newId(now),
      kind,
      fromId: self.id,
      fromName: self.name,
      fromRole: self.role,
      fromProject: self.project,
      recipients: targets.map(({ mailbox, name, project }) => ({ mailbox, name, project })),
      body: draft.content.toWellFormed(), // what SQLite would store, and so what must be signed
      priority: draft.priority ?? null,
      type: draft.message_type ?? null,
      threadId: draft.thread_id ?? null,
      inReplyTo,
      hops,
      rule,
      sentAt: now,
      ttlMs: ttlOf(draft, targets, parts),
    };
    const posted = await bus.post({
      letter,
      publicKey: keys.publicKey,
      signature: keys.sign(signedText(letter)),
      fromMailbox: self.mailbox,
      mailboxLimit: limits.mailbox,
      notify: draft.notify,
    });
    if (!posted.ok) throw refusal(posted, self.name, limits);
    for (const { session: to, presence } of targets) if (to !== null) parts.ring(to, presence);
    if (targets.some(isToPerson)) parts.tellPerson(letter);
    parts.expiresAt(letter.sentAt + letter.ttlMs);
    const note = noteOn(targets, hops, limits.replies, now);
    return {
      message_id: letter.id,
      recipients: targets.map((to) =>
        isToPerson(to) ? { name: to.name } : { name: to.name, presence: to.presence },
      ),
      ...(note === null ? {} : { note }),
    };
  };
}

/** A person is away for a weekend: what is for them waits as long as anything is kept. */
function ttlOf(draft: Draft, targets: readonly Target[], { limits, historyDays }: DeskParts): number {
  if (draft.ttl_s !== undefined) return draft.ttl_s * 1000;
  return targets.every(isToPerson) ? Math.max(limits.ttlMs, historyDays * dayMs) : limits.ttlMs;
}

function isToPerson({ name }: Target): boolean {
  return name === personName;
}

function refusal({ why, name }: Extract<Posted, { ok: false }>, self: string, limits: Limits): DmError {
  switch (why) {
    case "mailbox_gone":
      return new DmError(why, `"${name}" has just changed its name; nothing was sent. Send it again.`);
    case "blocked":
      return new DmError(why, `"${name}" takes no messages from "${self}" (block).`);
    case "not_joined":
      return new DmError(
        why,
        "This session's row was taken off the bus; it joins again within a second. Nothing was sent; send it again.",
      );
    case "unknown_message":
      return new DmError(
        why,
        "The message that this answers was deleted a moment ago; nothing was sent. To write all the same, use dm.",
      );
    case "mailbox_full":
      return new DmError(
        why,
        `"${name}" has ${limits.mailbox} unread messages; nothing was sent. Put several into one, or wait until it reads.`,
      );
  }
}

/** How many answers in a row, without work between them, led here; counted only where a model answers. */
export async function hopsOf(
  { bus, clock, progressAt }: Pick<DeskParts, "bus" | "clock" | "progressAt">,
  self: Session,
): Promise<number> {
  // A program may answer a program as quickly as it likes.
  return self.hooksAt === null ? 0 : hopsAfter(await bus.lastShown(self.id), progressAt(), clock.now());
}

function checkContent(content: string, maxChars: number): void {
  // What is blank once everything invisible is taken out of it would arrive empty.
  if (content.length < 1000 && neutralise(content).trim() === "")
    throw new DmError("empty_content", "A message needs some text.");
  // Characters, not UTF-16 units: an emoji counts once.
  const length = content.length <= maxChars ? content.length : [...content].length;
  if (length <= maxChars) return;
  throw new DmError(
    "too_long",
    `The message has ${length} characters; at most ${maxChars} fit (CC_DM_MAX_CHARS). Write it to a file and send the file's path.`,
  );
}

/** What a sender should know about how its message will be read; null: it comes at once. */
function noteOn(targets: readonly Target[], hops: number, limit: number, now: EpochMs): string | null {
  const notes = targets.flatMap((to) => waitingFor(to, now) ?? []);
  // Only models are held back.
  const damped = targets.some((to) => to.session?.hooksAt != null) ? dampingMs(hops, limit) : 0;
  if (damped > 0) {
    const when =
      damped === Number.POSITIVE_INFINITY ? "only with its reader's next turn" : `after ${damped / 1000} s`;
    notes.push(
      `${hops} answers in a row without work between them: this one is read ${when}, and its reader is told why. Stop here unless there is something to do.`,
    );
  }
  return notes.length === 0 ? null : notes.join(" ");
}

function waitingFor(to: Target, now: EpochMs): string | null {
  const { name, session, presence } = to;
  if (isToPerson(to)) return "The user reads it when they look (cc-dm inbox); it starts nothing.";
  if (presence === "closed")
    return `${name} is not running; the message waits and you are told if it expires unread.`;
  const condition = session?.condition ?? null;
  if (condition === null) return null;
  if (condition.quietUntil !== null && condition.quietUntil > now)
    return `${name} does not want to be disturbed until ${iso(condition.quietUntil)}; it reads the message with its next turn.`;
  switch (condition.reach) {
    case "deaf":
      return `${name} was handed mail before and nothing shows that it read it; ask for notify, or look at history.`;
    case "turn":
      return `${name} cannot be woken; it reads the message with its next turn.`;
    case "pull":
      return `${name} reads messages only when it calls inbox.`;
    case "push":
    case "wake":
      return null;
  }
}
