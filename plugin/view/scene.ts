import type { Entry } from "../bus/journal.ts";
import type { EpochMs, Presence, Reach } from "../core/model.ts";
import type { Wait } from "./waits.ts";

/** Everything the view shows, as it was gathered at one moment. Foreign text in it is as it came. */
export interface Scene {
  readonly now: EpochMs;
  /** Why the bus cannot be read now; null: it is read. */
  readonly trouble: string | null;
  readonly sessions: readonly Party[];
  /** Permission requests that wait, oldest first. */
  readonly requests: readonly Request[];
  /** Mail that waits for the person. */
  readonly forPerson: number;
  /** Rows that are not what a session signed, and are not shown. */
  readonly forged: number;
  /** The newest messages, oldest of them first. */
  readonly messages: readonly Entry[];
  /** Who waits for whom, as those show it. */
  readonly waits: readonly Wait[];
  /** The message that is open, with all that belongs to it; null: it is not there any more. */
  readonly thread: readonly Entry[] | null;
  /** Why this program is not taken for the person, and answers nothing; null: it is. */
  readonly doubt: string | null;
}

export interface Party {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly project: string | null;
  readonly cwd: string;
  readonly branch: string | null;
  readonly presence: Presence;
  readonly since: EpochMs;
  /** The tool in hand, or what is asked for. */
  readonly on: string | null;
  readonly reach: Reach | null;
  readonly quietUntil: EpochMs | null;
  readonly unread: number;
  readonly version: string;
}

export interface Request {
  readonly id: string;
  readonly letters: string;
  readonly name: string;
  readonly role: string;
  readonly project: string | null;
  readonly tool: string;
  /** What the tool acts on. */
  readonly subject: string;
  readonly where: string;
  readonly askedAt: EpochMs;
  /** What a reader must know before a yes. */
  readonly warnings: readonly string[];
  readonly description: string;
  /** The whole input, laid out. */
  readonly input: string;
}

export const nothingYet: Scene = {
  now: 0,
  trouble: null,
  sessions: [],
  requests: [],
  forPerson: 0,
  forged: 0,
  messages: [],
  waits: [],
  thread: null,
  doubt: null,
};
