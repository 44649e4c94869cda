import { DmError, isDmError } from "../core/errors.ts";
import type { Identity, Letter, Session } from "../core/model.ts";
import { turns } from "../core/turns.ts";
import { type Addressing, resolve, type Target, targetOf } from "./address.ts";
import { rename } from "./join.ts";
import { type DeskParts, type Draft, poster, type Sent } from "./post.ts";
import { mayBroadcast, mayWriteTo, scope } from "./rules.ts";
import { isGenuine } from "./trust.ts";

/** Where a tool call becomes a message: resolves names, asks the rules, signs, writes to the bus. */
export interface Desk {
  readonly parts: DeskParts;
  /** The session as it is now; a rename replaces it. */
  self(): Session;
  become(session: Session): void;
  /** @throws DmError `name_taken`, `mailbox_held`. */
  rename(next: Identity): Promise<void>;
  dm(to: string, draft: Draft): Promise<Sent>;
  broadcast(draft: Draft, role?: string): Promise<Sent>;
  reply(messageId: string, draft: Draft): Promise<Sent>;
}

export function openDesk(parts: DeskParts, session: Session): Desk {
  const { bus, lists } = parts;
  const post = poster(parts);
  // A sender is promised that messages go out in the order they came in, however long each took to
  // resolve; and a name changes between two messages, not in the middle of one.
  const queue = turns();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> =>
    queue(() => run().catch((error: unknown) => retryOnce(error, run)));
  let self = session;

  const addressing = (): Addressing => ({ bus, self, standing: parts.standing });

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

    rename: (next) =>
      queue(async () => {
        self = await rename(parts, self, next);
      }),

    dm: (to, draft) =>
      inTurn(async () => {
        const target = await resolve(addressing(), to);
        const allowed = scope(self, target);
        if (!allowed.ok) throw new DmError(allowed.code, allowed.message);
        const hindered = await hindrance(target);
        if (hindered !== null) throw new DmError(hindered.code, hindered.message);
        return post({ self, targets: [target], rule: allowed.rule, kind: "dm", draft });
      }),

    broadcast: (draft, role) =>
      inTurn(async () => {
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
        const rule = self.project === null ? "no-project" : "same-project";
        const sent = await post({ self, targets, rule, kind: "broadcast", draft });
        return skipped.length === 0 ? sent : { ...sent, skipped };
      }),

    reply: (messageId, draft) =>
      inTurn(async () => {
        const found = await bus.received(self.mailbox, messageId.trim().toUpperCase());
        if (found === null || !isGenuine(found.message)) {
          throw new DmError(
            "unknown_message",
            `This session received no message ${JSON.stringify(messageId.slice(0, 64))}. Take the id from the message, or call history; to write first, use dm.`,
          );
        }
        if (found.message.kind === "notice")
          throw new DmError(
            "unknown_message",
            "A notice comes from cc-dm itself; there is nobody to answer.",
          );
        const target = await senderOf(addressing(), found);
        const hindered = await hindrance(target);
        if (hindered !== null) throw new DmError(hindered.code, hindered.message);
        const thread = found.message.threadId ?? draft.thread_id;
        return post({
          self,
          targets: [target],
          rule: "reply",
          kind: "dm",
          draft: { ...draft, thread_id: thread },
          inReplyTo: found.message.id,
        });
      }),
  };
}

/** A recipient that took another mailbox between the look and the write is looked up again. */
function retryOnce<T>(error: unknown, run: () => Promise<T>): Promise<T> {
  if (isDmError(error) && error.code === "mailbox_gone") return run();
  throw error;
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

function nobody(self: Session, role: string | undefined, blocked: number): DmError {
  const where = `${role === undefined ? "" : ` with role "${role}"`}${self.project === null ? "" : ` in project "${self.project}"`}`;
  const why = blocked > 0 ? ` (${blocked} blocked this session)` : "";
  return new DmError(
    "no_recipients",
    `No other live session${where} to write to${why}; nothing was sent. Call who to see who is there, or dm a closed session by name: its mail waits.`,
  );
}
