/** What of the history is to be deleted for good. */
export interface Erasing {
  /** Only what is older than so many milliseconds; null: whatever its age. */
  readonly olderThanMs: number | null;
  /** Also mail that nobody has seen. Otherwise it stays, and what an unread answer rests on. */
  readonly unread: boolean;
}

/** How much of each. */
export interface Erased {
  readonly messages: number;
  /** Of these, never seen by somebody they were for. */
  readonly unread: number;
  /** Closed sessions, as far as nothing that they wrote is kept. */
  readonly sessions: number;
  /** Permission requests that are settled. */
  readonly requests: number;
  /** Lines of the record of who asked and who answered. */
  readonly audits: number;
}

/** The part of the store that a person clears out. No session does: each keeps to its days (`prune`). */
export interface EraseBus {
  /** What `erase` would delete now. */
  erasable(of: Erasing): Promise<Erased>;
  /** Deletes it, a part at a time, so that no session waits for long. Needs no lease and takes none. */
  erase(of: Erasing): Promise<Erased>;
  /** Makes the file smaller if much of it is empty, or `always`. @returns whether it did; not if others write all the time. */
  compact(always: boolean): Promise<boolean>;
}
