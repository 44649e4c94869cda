import { createHash } from "node:crypto";
import type { ProcessMark, SessionId } from "../core/model.ts";

/**
 * What a command that runs inside a client asks that client's server to do with its own key: a row, so
 * that it needs no port. The server believes only a process that descends from its client
 * (delivery/errands.ts).
 */
export interface Errand {
  readonly id: string;
  readonly session: SessionId;
  /** The process that asks, and waits. */
  readonly asker: ProcessMark;
  readonly tool: string;
  /** JSON. */
  readonly arguments: string;
}

/** Nobody waits for longer. */
export const errandMs = 60_000;

export interface ErrandBus {
  /** Leaves an errand; those that nobody waits for any more go. */
  ask(errand: Errand): Promise<void>;
  /** What a session is asked to do, oldest first. */
  errands(session: SessionId): Promise<readonly Errand[]>;
  /** The answer, JSON; only if it is still waited for. */
  fulfil(id: string, answer: string): Promise<void>;
  answer(id: string): Promise<string | null>;
  forget(id: string): Promise<void>;
}

/** The word that starts cc-dm as the asker of an errand; no command of its own. */
export const errandWord = "__errand";

/** What stands on the command line of the process that asks, where no other program can put it: which errand it is on. */
export function errandMark({ id, session, tool, arguments: args }: Omit<Errand, "asker">): string {
  return createHash("sha256")
    .update(JSON.stringify([id, session, tool, args]))
    .digest("hex");
}
