import { DmError, isDmError } from "../core/errors.ts";
import type { Identity, Letter, Presence, Session, SessionId } from "../core/model.ts";
import { turns } from "../core/turns.ts";
import { type Addressing, resolve, type Target, targetOf } from "./address.ts";
import { rename } from "./join.ts";
import { type DeskParts, type Draft, type Envelope, hopsOf, poster, type Sent } from "./post.ts";
import { lately } from "./presence.ts";
import { refuseWaiting } from "./refusal.ts";
import { mayBroadcast, mayWriteTo, scope } from "./rules.ts";
import { isGenuine, pretends } from "./trust.ts";

/** To whom a broadcast goes, of those it may reach: of that role, of that project. */
export interface Among {
  readonly role?: string | undefined;
  readonly project?: string | undefined;
}

/** Where a tool call becomes a message: resolves names, asks the rules, signs, writes to the bus. */
export interface Desk {
  readonly parts: DeskParts;
  /** The session as it is now; a rename replaces it. */
  self(): Session;
  become(session: Session): void;
  /** @throws DmError `name_taken`, `mailbox_held`. */
  rename(next: Identity): Promise<void>;
  dm(to: string, draft: Draft): Promise<Sent>;
  broadcast(draft: Draft, among?: Among): Promise<Sent>;
  reply(messageId: string, draft: Draft): Promise<Sent>;
  /** Has a session look at the bus now. @returns whether it is there. */
  nudge(id: SessionId): Promise<boolean>;
  /** What waits from this name comes back to its sender, told as refused. @returns how many messages. */
  refuse(name: string): Promise<number>;
}

export function openDesk(parts: DeskParts, session: Session): Desk {
  const { bus, lists } = parts;
  const post = poster(parts);
  // A sender is promised that messages go out in the order they came in, however long each took to
  // resolve; and a name changes between two messages, not in the middle of one.
  const recently = lately(parts.standing, parts.clock);
  const inTurn = turns();
  let self = session;

  /** A turn ends when the message stands in the bus's queue, so that many can share one commit. */
  async function send(prepare: () => Promise<Omit<Envelope, "self" | "hops">>): Promise<Sent> {
    const { committed } = await inTurn(async () => {
      const envelope = { self, ...(await prepare()) };
      return { committed: post({ ...envelope, hops: await hopsOf(parts, self) }) };
    });
    return committed;
  }

  /** A recipient that took another mailbox between the look and the write is looked up again. */
  function sendTwice(prepare: Parameters<typeof send>[0], also?: "blocked"): Promise<Sent> {
    return send(prepare).catch((error: unknown) => {
      if (isDmError(error) && ["mailbox_gone", also].includes(error.code)) return send(prepare);
      throw error;
    });
  }

  const addressing = (): Addressing => ({ bus, self, standing: recently, person: parts.person });

  /** @throws DmError if this mailbox must not be written to. Whether it blocks this session is seen in the write. */
  function checkList(to: Target): void {
    const listed = mayWriteTo(to.name, lists);
    if (!listed.ok) throw new DmError(listed.code, listed.message);
  }

  return {
    parts,
    self: () => self,
    become(next) {
      self = next;
    },

    rename: (next) =>
      inTurn(async () => {
        self = await rename(parts, self, next);
      }),

    dm: (to, draft) =>
      sendTwice(async () => {
        const target = await resolve(addressing(), to);
        const allowed = scope(self, target);
        if (!allowed.ok) throw new DmError(allowed.code, allowed.message);
        checkList(target);
        return { targets: [target], rule: allowed.rule, kind: "dm", draft };
      }),

    async broadcast(draft, { role, project } = {}) {
      const allowed = mayBroadcast(self.startRole, lists);
      if (!allowed.ok) throw new DmError(allowed.code, allowed.message);
      const skipped: { name: string; why: string }[] = [];
      const sent = await sendTwice(async () => {
        skipped.length = 0;
        const targets: Target[] = [];
        const blockers = await bus.blockers(self.id);
        for (const session of await bus.roster()) {
          if (session.id === self.id || !session.listed || !scope(self, session).ok) continue;
          if (role !== undefined && session.role !== role) continue;
          if (project !== undefined && session.project !== project) continue;
          const target = await targetOf(addressing(), session);
          if (target.session === null) continue;
          if (blockers.has(target.mailbox)) skipped.push({ name: target.name, why: "blocked" });
          else targets.push(target);
        }
        if (targets.length === 0) throw nobody(project ?? self.project, role, skipped.length);
        return {
          targets,
          rule: self.project === null ? "no-project" : "same-project",
          kind: "broadcast",
          draft,
        };
      }, "blocked"); // by one of them, since it looked
      return skipped.length === 0 ? sent : { ...sent, skipped };
    },

    async nudge(id) {
      const other = await bus.session(id);
      if (other === null || other.closedAt !== null) return false;
      const { session: there, presence } = await targetOf(
        { ...addressing(), standing: parts.standing },
        other,
      );
      if (there !== null) parts.ring(there, presence);
      return there !== null;
    },

    async refuse(name) {
      const told = await refuseWaiting({ ...parts, self: () => self }, name);
      for (const other of await bus.roster()) {
        if (told.includes(other.mailbox)) parts.ring(other, recently(other) as Presence);
      }
      return told.length;
    },

    reply: (messageId, draft) =>
      sendTwice(async () => {
        const found = await bus.received(self.mailbox, messageId.trim().toUpperCase());
        if (found === null || !isGenuine(found.message) || pretends(found.message, parts.isPerson)) {
          throw new DmError(
            "unknown_message",
            `This session received no message ${JSON.stringify(messageId.slice(0, 64))}. Take the id from the message, or call history; to write first, use dm.`,
          );
        }
        const { message } = found;
        if (message.kind === "notice") {
          throw new DmError(
            "unknown_message",
            "A notice comes from cc-dm itself; there is nobody to answer.",
          );
        }
        const target = await senderOf(addressing(), found);
        checkList(target);
        const thread_id = message.threadId ?? draft.thread_id;
        return {
          targets: [target],
          rule: "reply",
          kind: "dm",
          draft: { ...draft, thread_id },
          inReplyTo: message.id,
        };
      }),
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

function nobody(project: string | null, role: string | undefined, blocked: number): DmError {
  const where = `${role === undefined ? "" : ` with role "${role}"`}${project === null ? "" : ` in project "${project}"`}`;
  const why = blocked > 0 ? ` (${blocked} blocked this session)` : "";
  return new DmError(
    "no_recipients",
    `No other live session${where} to write to${why}; nothing was sent. Call who to see who is there, or dm a closed session by name: its mail waits.`,
  );
}
