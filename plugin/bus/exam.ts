import type { EpochMs, Path, Session, SessionId, UpMs } from "../core/model.ts";

/** What waits in one mailbox, or was handed over without evidence, by one path. */
export interface Waiting {
  readonly name: string;
  readonly project: string | null;
  readonly mailbox: number;
  readonly state: "queued" | "handed";
  /** How it was handed over; null while queued. */
  readonly path: Path | null;
  readonly count: number;
  /** Of these, mail of low priority, which never interrupts by itself. */
  readonly low: number;
  /** When the oldest was sent (queued) or handed over (handed). */
  readonly since: EpochMs;
  readonly expiresAt: EpochMs;
}

/** How one path fared for one session. */
export interface Handed {
  readonly session: SessionId;
  readonly path: Path;
  readonly count: number;
  readonly seen: number;
  readonly lastSeen: EpochMs | null;
}

export interface Lease {
  readonly holder: SessionId;
  readonly until: { readonly at: EpochMs; readonly up: UpMs; readonly boot: string };
}

/** A permission request that is open, as its row says. */
export interface Pending {
  readonly letters: string;
  readonly session: SessionId;
  readonly name: string;
  readonly tool: string;
  readonly askedAt: EpochMs;
  /** The person's key among them. */
  readonly asked: readonly SessionId[];
}

/** How much history there is. */
export interface Kept {
  readonly messages: number;
  /** Of these, sent since midnight here. */
  readonly today: number;
  /** Sessions that are closed. */
  readonly closed: number;
}

/** A bus as it lies there, read without changing a byte of it. */
export interface Exam {
  readonly schema: number;
  /** The newest schema that this program knows. */
  readonly known: number;
  /** Null if its structure is sound, or the file too large to look through in passing. */
  readonly damage: string | null;
  /** What it holds; what is free in it does not count. */
  readonly bytes: number;
  /** All sessions not closed, unlisted ones included. */
  readonly sessions: readonly Session[];
  /** Live sessions of an older plugin of this kind, in this very file. */
  readonly older: readonly string[];
  readonly waiting: readonly Waiting[];
  readonly handed: readonly Handed[];
  readonly quarantined: readonly { readonly name: string; readonly count: number }[];
  /** Messages that claim to have been sent later than now. */
  readonly ahead: { readonly count: number; readonly newest: EpochMs };
  readonly lease: Lease | null;
  readonly kept: Kept;
  /** What is open, oldest first, and how many were asked in the last week. */
  readonly relay: { readonly open: readonly Pending[]; readonly lately: number };
}

export type Examined =
  | { readonly state: "read"; readonly exam: Exam }
  /** There is none yet. */
  | { readonly state: "missing" }
  | { readonly state: "newer" | "broken" | "busy" | "unreadable"; readonly why: string };
