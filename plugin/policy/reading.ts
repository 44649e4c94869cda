import { DmError } from "../core/errors.ts";
import { type Addressing, resolve, type Target } from "./address.ts";
import { scope } from "./rules.ts";

/** Another session's conversation: whose it is and where it is kept. */
export interface Readable {
  readonly target: Target;
  readonly path: string;
  /** It may be given to other sessions. */
  readonly given: boolean;
}

/** Where the conversation of a session is kept, open or closed. @throws DmError `no_transcript`. */
export async function conversationOf(bus: Addressing["bus"], target: Target): Promise<Readable> {
  const id = target.session?.id ?? (await bus.mailbox(target.mailbox))?.holder ?? null;
  const kept = id === null ? null : await bus.transcriptOf(id);
  // The row can be written by any program of this user: it must not make us read another kind of file.
  if (kept === null || !kept.path.endsWith(".jsonl")) throw unknown(target.name);
  return { target, ...kept };
}

/** Said where the file is gone as well. */
export function unknown(name: string): DmError {
  return new DmError(
    "no_transcript",
    `No transcript of "${name}" is known here: its client ran no hooks of cc-dm, runs on another machine or in a container, or has removed the file since.`,
  );
}

/**
 * The conversation that another session asks for, and may have.
 *
 * @throws DmError what `resolve` throws, `no_transcript`, `out_of_scope`, `blocked`, `transcript_off`.
 */
export async function readableFor(parts: Addressing, address: string): Promise<Readable> {
  const { bus, self } = parts;
  const target = await resolve(parts, address);
  const { name } = target;
  if (!scope(self, target).ok) {
    const where = target.project === null ? "in no project" : `in project "${target.project}"`;
    throw new DmError(
      "out_of_scope",
      `"${name}" is ${where}; you are in "${self.project}" and read what was said in that project only.`,
    );
  }
  if ((await bus.blockers(self.id)).has(target.mailbox))
    throw new DmError("blocked", `"${name}" wants nothing to do with "${self.name}" (block).`);
  const found = await conversationOf(bus, target);
  if (found.given) return found;
  throw new DmError(
    "transcript_off",
    `"${name}" keeps its conversation to itself: it runs with CC_DM_TRANSCRIPT=off, or did, or with a cc-dm that does not know of it. Ask it with dm.`,
  );
}

/** What of a conversation is asked for; all absent: the newest turns. */
export interface Wanted {
  readonly last?: number | undefined;
  readonly query?: string | undefined;
  readonly turn?: number | undefined;
}

/** For the person who is asked, and the record. */
export function wantedText({ last, query, turn }: Wanted): string {
  if (turn !== undefined) return `turn ${turn}`;
  if (query !== undefined) return `a search for ${JSON.stringify(query)}`;
  return last === undefined
    ? "the newest turns"
    : last === 1
      ? "the newest turn"
      : `the newest ${last} turns`;
}
