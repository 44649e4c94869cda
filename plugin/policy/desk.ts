import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import { DmError } from "../core/errors.ts";
import { type Keys, signedText } from "../core/keys.ts";
import type { Log } from "../core/log.ts";
import type { Letter, MessageType, Presence, Priority, ScopeRule, Session } from "../core/model.ts";
import { type Addressing, resolve, type Target, targetOf } from "./address.ts";
import { flood } from "./flood.ts";
import { dampingMs, freeHops, nextHops, quickMs } from "./loop.ts";
import type { Standing } from "./presence.ts";
import { type Lists, mayBroadcast, mayWriteTo, scope } from "./rules.ts";

export interface Limits {
  readonly maxChars: number;
  readonly ttlMs: number;
  readonly mailbox: number;
  readonly sendsPerMinute: number;
}

export interface DeskParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly log: Log;
  readonly limits: Limits;
  readonly lists: Lists;
  readonly newId: (now: number) => string;
  readonly standing: (session: Session) => Standing;
  /** After the commit: tells a receiver to look now. A hint; the poll covers its loss. */
  readonly ring: (to: Session, presence: Presence) => void;
}

export interface Draft {
  readonly content: string;
  readonly priority?: Priority | undefined;
  readonly message_type?: MessageType | undefined;
  readonly thread_id?: string | undefined;
  readonly ttl_s?: number | undefined;
}

export interface Sent {
  readonly message_id: string;
  readonly recipients: readonly { readonly name: string; readonly presence: Presence }[];
  readonly skipped?: readonly { readonly name: string; readonly why: string }[];
  readonly note?: string;
}

/** Where a tool call becomes a message: resolves names, asks the rules, signs, writes to the bus. */
export interface Desk {
  readonly parts: DeskParts;
  /** The session as it is now; a rename replaces it. */
  self(): Session;
  become(session: Session): void;
  dm(to: string, draft: Draft): Promise<Sent>;
  broadcast(draft: Draft, role?: string): Promise<Sent>;
  reply(messageId: string, draft: Draft): Promise<Sent>;
}

export function openDesk(parts: DeskParts, session: Session): Desk {
  const { bus, clock, keys, limits, lists } = parts;
  const admitted = flood(limits.sendsPerMinute);
  let self = session;

  const addressing = (): Addressing => ({ bus, self, standing: parts.standing });

  async function post(
    targets: readonly Target[],
    rule: ScopeRule,
    kind: Letter["kind"],
    draft: Draft,
    inReplyTo: string | null,
  ): Promise<Sent> {
    checkContent(draft.content, limits.maxChars);
    if (!admitted.admit(clock.up())) {
      throw new DmError(
        "too_many",
        `This session sent ${limits.sendsPerMinute} messages within a minute. Put several into one, or wait a minute.`,
      );
    }
    const now = clock.now();
    const hops = nextHops(await bus.lastShownHops(self.id, now - quickMs));
    const letter: Letter = {
      id: parts.newId(now),
      kind,
      fromId: self.id,
      fromName: self.name,
      fromRole: self.role,
      fromProject: self.project,
      recipients: targets.map(({ mailbox, name, project }) => ({ mailbox, name, project })),
      body: draft.content,
      priority: draft.priority ?? null,
      type: draft.message_type ?? null,
      threadId: draft.thread_id ?? null,
      inReplyTo,
      hops,
      rule,
      sentAt: now,
      ttlMs: draft.ttl_s === undefined ? limits.ttlMs : draft.ttl_s * 1000,
    };
    const posted = await bus.post({
      letter,
      publicKey: keys.publicKey,
      signature: keys.sign(signedText(letter)),
      fromMailbox: self.mailbox,
      mailboxLimit: limits.mailbox,
    });
    if (!posted.ok) {
      throw new DmError(
        "mailbox_full",
        `"${posted.name}" has ${limits.mailbox} unread messages; nothing was sent. Put several into one, or wait until it reads.`,
      );
    }
    for (const { session: to, presence } of targets) if (to !== null) parts.ring(to, presence);
    const note = noteOn(targets, hops);
    return {
      message_id: letter.id,
      recipients: targets.map(({ name, presence }) => ({ name, presence })),
      ...(note === null ? {} : { note }),
    };
  }

  /** Null, or why this mailbox must not be written to. */
  async function hindrance(to: Target): Promise<{ code: string; message: string } | null> {
    const listed = mayWriteTo(to.name, lists);
    if (!listed.ok) return listed;
    return (await blocks(to))
      ? { code: "blocked", message: `"${to.name}" takes no messages from "${self.name}" (block).` }
      : null;
  }

  async function blocks(to: Target): Promise<boolean> {
    return (await bus.filters(to.mailbox)).some(
      (filter) => filter.kind === "block" && filter.name === self.name,
    );
  }

  return {
    parts,
    self: () => self,
    become(next) {
      self = next;
    },

    async dm(to, draft) {
      const target = await resolve(addressing(), to);
      const allowed = scope(self, target);
      if (!allowed.ok) throw new DmError(allowed.code, allowed.message);
      const hindered = await hindrance(target);
      if (hindered !== null) throw new DmError(hindered.code, hindered.message);
      return post([target], allowed.rule, "dm", draft, null);
    },

    async broadcast(draft, role) {
      const allowed = mayBroadcast(self.startRole, lists);
      if (!allowed.ok) throw new DmError(allowed.code, allowed.message);
      const targets: Target[] = [];
      const skipped: { name: string; why: string }[] = [];
      for (const session of await bus.roster()) {
        if (session.id === self.id || !session.listed || !scope(self, session).ok) continue;
        if (role !== undefined && session.role !== role) continue;
        const target = await targetOf(addressing(), session);
        if (target.session === null) continue;
        if (await blocks(target)) skipped.push({ name: target.name, why: "blocked" });
        else targets.push(target);
      }
      if (targets.length === 0) throw nobody(self, role, skipped.length);
      const sent = await post(
        targets,
        self.project === null ? "no-project" : "same-project",
        "broadcast",
        draft,
        null,
      );
      return skipped.length === 0 ? sent : { ...sent, skipped };
    },

    async reply(messageId, draft) {
      const found = await bus.received(self.mailbox, messageId.trim().toUpperCase());
      if (found === null) {
        throw new DmError(
          "unknown_message",
          `This session received no message ${JSON.stringify(messageId.slice(0, 64))}. Take the id from the message, or call history; to write first, use dm.`,
        );
      }
      if (found.message.kind === "notice")
        throw new DmError("unknown_message", "A notice comes from cc-dm itself; there is nobody to answer.");
      const target = await senderOf(addressing(), found);
      const hindered = await hindrance(target);
      if (hindered !== null) throw new DmError(hindered.code, hindered.message);
      const thread = found.message.threadId ?? draft.thread_id;
      const sent = await post([target], "reply", "dm", { ...draft, thread_id: thread }, found.message.id);
      await bus.replied(self.mailbox, found.message.id);
      return sent;
    },
  };
}

async function senderOf(
  parts: Addressing,
  { fromMailbox, message }: { fromMailbox: number; message: Letter },
): Promise<Target> {
  const holder = (await parts.bus.roster()).find((session) => session.mailbox === fromMailbox);
  if (holder !== undefined) return targetOf(parts, holder);
  const box = await parts.bus.mailbox(fromMailbox);
  if (box === null)
    throw new DmError("unknown_recipient", `"${message.fromName}" is gone and its mailbox with it.`);
  return { mailbox: box.id, name: box.name, project: box.project, session: null, presence: "closed" };
}

function checkContent(content: string, maxChars: number): void {
  if (content.trim() === "") throw new DmError("empty_content", "A message needs some text.");
  // Characters, not UTF-16 units: an emoji counts once.
  const length = content.length <= maxChars ? content.length : [...content].length;
  if (length <= maxChars) return;
  throw new DmError(
    "too_long",
    `The message has ${length} characters; at most ${maxChars} fit (CC_DM_MAX_CHARS). Write it to a file and send the file's path.`,
  );
}

function nobody(self: Session, role: string | undefined, blocked: number): DmError {
  const where = `${role === undefined ? "" : ` with role "${role}"`}${self.project === null ? "" : ` in project "${self.project}"`}`;
  const why = blocked > 0 ? ` (${blocked} blocked this session)` : "";
  return new DmError(
    "no_recipients",
    `No other live session${where} to write to${why}; nothing was sent. Call who to see who is there, or dm a closed session by name: its mail waits.`,
  );
}

function noteOn(targets: readonly Target[], hops: number): string | null {
  const closed = targets.filter((to) => to.presence === "closed").map((to) => to.name);
  if (closed.length > 0)
    return `${closed.join(", ")} is not running; the message waits and you are told if it expires unread.`;
  // Only models are held back; a program that answers a program may be as quick as it likes.
  if (hops <= freeHops || targets.every((to) => to.session?.hooksAt == null)) return null;
  return `${hops} answers in quick succession: this one wakes its reader only after ${Math.round(dampingMs(hops) / 1000)} s. Stop here unless there is something to say.`;
}
