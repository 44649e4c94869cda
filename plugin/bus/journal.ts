import type { EpochMs, MailboxId, Message, MessageType, Receipt, SessionId } from "../core/model.ts";

/** What a person wants to see of everything on the bus. What is left out narrows nothing. */
export interface JournalQuery {
  /** Only messages with a greater, or smaller, `seq`. */
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** Sent at that moment or later; sent before that moment. */
  readonly since?: EpochMs | undefined;
  readonly until?: EpochMs | undefined;
  /** Names as they were when it was sent; `cc-dm` writes notices. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Of the sender or of a recipient, when it was sent. */
  readonly project?: string | undefined;
  readonly threadId?: string | undefined;
  readonly type?: MessageType | undefined;
  /** Words that all stand in the text: each from its beginning, in any order and case. */
  readonly text?: string | undefined;
  /** A message's id, or the beginning or the end of one; six characters at least. */
  readonly id?: string | undefined;
  /** Which `limit` of those that match; the newest unless said otherwise. */
  readonly pick?: "newest" | "oldest" | undefined;
  readonly limit: number;
}

/** One delivery of a message, as the person looks at it. */
export interface Delivery extends Receipt {
  readonly addressed: MailboxId;
  /** When it expires if it is still unread then. */
  readonly expiresAt: EpochMs;
  /** The session that it was handed to last. */
  readonly session: SessionId | null;
}

export interface Entry {
  readonly message: Message;
  readonly receipts: readonly Delivery[];
  /** Its sender is on record as a session, and with that name. Without, nobody needs to believe the row. */
  readonly known: boolean;
}

export interface Conversation {
  readonly seq?: number | undefined;
  readonly threadId?: string | undefined;
  /** Most messages; of a thread the newest. */
  readonly limit: number;
}

/**
 * The part of the store that shows a person everything: mail of all sessions, open and closed, waiting
 * mail too. No session is ever given what is read here.
 */
export interface JournalBus {
  /** Always oldest first. What follows it asks for `after` and picks the oldest, so that nothing is skipped. */
  journal(query: JournalQuery): Promise<readonly Entry[]>;
  /** The deliveries of these messages as they stand now; to see receipts change without reading texts again. */
  receipts(seqs: readonly number[]): Promise<ReadonlyMap<number, readonly Delivery[]>>;
  /** What a message answers, what answers it, and so on; and all of a thread. Oldest first. */
  conversation(of: Conversation): Promise<readonly Entry[]>;
  /** Every name on record: of sessions open and closed, and of mailboxes. */
  names(): Promise<readonly string[]>;
}
