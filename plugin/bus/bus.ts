import type {
  Condition,
  EpochMs,
  FilterKind,
  Letter,
  Mailbox,
  Message,
  Notification,
  Offer,
  Passed,
  Path,
  ProcessMark,
  Receipt,
  Session,
  SessionId,
} from "../core/model.ts";
import type { EraseBus } from "./erase.ts";
import type { ErrandBus } from "./errand.ts";
import type { JournalBus } from "./journal.ts";
import type { RelayBus } from "./relay.ts";

/** What a server brings when it joins; the bus adds mailbox and times. */
export type Joining = Omit<
  Session,
  "mailbox" | "startedAt" | "beatAt" | "beatUp" | "closedAt" | "hooksAt" | "condition"
>;

export type Joined =
  | { readonly ok: true; readonly session: Session }
  /** A live session has the name. */
  | { readonly ok: false; readonly why: "name_taken"; readonly holder: Session }
  /** Nobody has it, but somebody else's mail waits there. */
  | { readonly ok: false; readonly why: "mailbox_held"; readonly holder: Mailbox; readonly waiting: number };

export interface Rename {
  readonly id: SessionId;
  readonly name: string;
  readonly role: string;
  readonly project: string | null;
}

export interface Posting {
  readonly letter: Letter;
  readonly publicKey: string;
  readonly signature: string;
  readonly fromMailbox: number;
  /** Most unread mail a mailbox may hold. */
  readonly mailboxLimit: number;
  /** Of what the sender wants to hear, once, for each recipient. */
  readonly notify?: Notification | undefined;
}

export type Posted =
  | { readonly ok: true; readonly seq: number }
  | {
      readonly ok: false;
      readonly why: "mailbox_full" | "mailbox_gone" | "not_joined" | "blocked" | "unknown_message";
      readonly name: string;
    };

export interface Claim {
  readonly session: Session;
  readonly path: Path;
  readonly limit: number;
  /** Most characters of text taken at once. Unless `strict`, the first message comes however long it is. */
  readonly maxChars?: number | undefined;
  readonly strict?: boolean | undefined;
  /** Only what answers this message. */
  readonly answering?: string | undefined;
  /** Nothing, if the session mutes anybody: then what may interrupt has to be looked at first. */
  readonly unlessMutes?: boolean | undefined;
  /** How long to wait for other writers; hooks must not hold up a prompt. */
  readonly patienceMs?: number | undefined;
}

export interface HistoryQuery {
  readonly mailbox: number;
  readonly with?: string | undefined;
  readonly threadId?: string | undefined;
  readonly query?: string | undefined;
  readonly limit: number;
}

export interface ClientSighting {
  readonly client: ProcessMark;
  readonly sessionId: string | null;
  readonly transcript: string | null;
}

/** Asked after every commit of anybody, so as little as will do. */
export interface News {
  readonly hooksAt: EpochMs | null;
  readonly clientSession: string | null;
  readonly mail: boolean;
  /** Told by its client's SessionStart hook; null: that did not run, and the client watches no wake file. */
  readonly transcript: string | null;
  /** Something was handed over and still lacks evidence. */
  readonly unproven: boolean;
  /** Somebody is to be told how a message of this mailbox fared. */
  readonly watching: boolean;
  /** A command asks this session to do something in its name. */
  readonly errands: boolean;
}

/** One waiting message, without its text: enough to decide whether it is worth a wake. */
export interface Pressing {
  readonly seq: number;
  readonly hops: number;
  readonly sentAt: EpochMs;
  /** How often this session was offered it already, without evidence that it was seen. */
  readonly tried: number;
}

/** A delivery of which its sender wants to hear, as it stands now. */
export interface Watch {
  readonly kind: Notification;
  readonly message: Message;
  readonly addressed: number;
  readonly receipt: Receipt;
  /** The session that holds the receiving mailbox; null: none is there. */
  readonly receiver: Session | null;
}

/** What was handed over and lacks evidence, and where evidence might be found. */
export interface Unproven {
  readonly session: SessionId;
  readonly token: string;
  readonly path: Path;
  readonly handedAt: EpochMs;
  /** The transcript of the client's session, as its hooks told it last. */
  readonly transcript: string | null;
}

/** Where the client of a session keeps its conversation. */
export interface Kept {
  readonly path: string;
  /** False where a session that is or was part of it keeps it to itself. */
  readonly given: boolean;
}

export interface Movements {
  readonly joined: readonly Session[];
  readonly left: readonly Session[];
}

/**
 * The store that all sessions share. Asynchronous and silent about its engine: SQLite now,
 * PostgreSQL behind the same contract suite (test/bus/contract.ts). Every method is one transaction.
 * Methods that write wait for other writers; they throw DmError `bus_busy` when the engine's patience
 * (10 s unless opened with less) is over, `bus_full` when the disk is, `bus_unavailable` otherwise.
 */
export interface Bus extends RelayBus, EraseBus, ErrandBus, JournalBus {
  /** Puts a session on the roster, with the mailbox of its name if the mailbox's rules allow it. */
  join(joining: Joining): Promise<Joined>;
  /** Changes name, role and project; the own mailbox comes along. */
  rename(change: Rename): Promise<Joined>;
  /** Tells the others what a session does and how it can be reached. */
  tell(id: SessionId, condition: Condition): Promise<void>;
  /** Says "still here". @returns false if the session is not on the roster any more: join again. */
  beat(id: SessionId, branch: string | null): Promise<boolean>;
  /** Takes sessions off the roster. Their mailboxes stay. */
  close(ids: readonly SessionId[]): Promise<void>;
  /** Last word of a server that must not wait: one short try. */
  leave(id: SessionId): void;

  /**
   * The person of this machine as a member of the bus: signs with a key of its own, has a mailbox without
   * a project, and is on no roster. Entered at the first call.
   */
  person(key: { readonly id: SessionId; readonly publicKey: string }, folder: string): Promise<Session>;
  /** How much mail waits for the person, whoever asks; nobody is entered for it. */
  forPerson(): Promise<number>;

  session(id: SessionId): Promise<Session | null>;
  /** What others may have changed for a session, in one look; null if it is not on the roster. */
  news(id: SessionId): Promise<News | null>;
  /** The session on the roster that has this name. */
  named(name: string): Promise<Session | null>;
  /** All sessions not closed, oldest first, unlisted ones included. */
  roster(): Promise<readonly (Session & { readonly unread: number })[]>;
  /** Sessions that have mail and have said nothing for so many milliseconds; cheap, for every half minute. */
  silentWithMail(ms: number): Promise<readonly Session[]>;
  /** Listed sessions that were closed after a moment, newest first; of each name the last only. */
  closedSince(at: EpochMs): Promise<readonly Session[]>;
  /** Listed sessions that came and went since this one was last told, and notes that it is told now; that waits so long for others. */
  movements(id: SessionId, patienceMs?: number): Promise<Movements>;
  /** The last session (open or closed) of a client's session id or process; how a name survives a restart. */
  predecessor(of: {
    clientSession: string | null;
    client: ProcessMark | null;
    place: Session["place"];
  }): Promise<Session | null>;
  /** Mailboxes without a live session. */
  closedMailboxes(): Promise<readonly Mailbox[]>;
  projects(): Promise<readonly string[]>;
  /** Sessions of an older plugin of this kind that still use this very file. */
  foreignSessions(): Promise<readonly string[]>;

  /** One message and all its deliveries, or nothing. A reply also marks what it answers as replied. */
  post(posting: Posting): Promise<Posted>;
  /** How much waits for a session that no path of its own has been given. */
  unread(session: Session): Promise<number>;
  /**
   * Of that, what may interrupt: not from a muted name, and not low unless asked for. The least damped
   * first, at most 100.
   */
  pressing(session: Session, low?: "low too"): Promise<readonly Pressing[]>;
  /** Atomically takes the oldest waiting mail, so that two paths never show the same message. */
  claim(claim: Claim): Promise<readonly Offer[]>;
  /** The same mail without taking it. */
  peek(session: Session, limit: number): Promise<readonly Pick<Offer, "message" | "addressed">[]>;
  /** Evidence: marks what was offered under these tokens as seen. @returns how many changed. */
  seen(session: SessionId, tokens: readonly string[], evidence: string): Promise<number>;
  /** Evidence for everything handed to this session by one path, up to now or before a moment. */
  seenBy(session: SessionId, path: Path, evidence: string, before?: EpochMs): Promise<number>;
  /** What was handed to the sessions of this mailbox, open or closed, and still lacks evidence. */
  unproven(mailbox: number): Promise<readonly Unproven[]>;
  /** The messages handed to a session under these tokens and not proven yet. */
  handedUnder(session: SessionId, tokens: readonly string[]): Promise<readonly Message[]>;
  /** Puts back what was handed by a path before `before` without evidence: it will be offered again. */
  requeue(session: SessionId, path: Path, before: EpochMs): Promise<number>;
  /** Takes a claim back: what was not shown after all waits as it did before, and the offer does not count. */
  giveBack(session: SessionId, tokens: readonly string[]): Promise<void>;
  /** Sets aside a delivery that must not be shown. */
  quarantine(offer: Pick<Offer, "message" | "addressed">, why: string): Promise<void>;
  /** What waits for a session from one that has, or had, this name. */
  waitingFrom(
    session: SessionId,
    name: string,
  ): Promise<readonly (Pick<Offer, "message" | "addressed"> & { readonly fromMailbox: number })[]>;
  /** Takes back a delivery that its receiver does not want, and tells the sender, in one transaction. */
  refuse(delivery: Pick<Offer, "message" | "addressed">, why: string, notice: Posting | null): Promise<void>;
  /** What senders of this mailbox want to hear of. */
  watches(mailbox: number): Promise<readonly Watch[]>;
  /** Ends a watch and tells what came of it, in one transaction: once, whoever notices it first. */
  report(watch: Watch, notice: Posting): Promise<void>;
  /** How many messages of one mailbox wait, or lack evidence, in each other one. */
  outstanding(mailbox: number): Promise<ReadonlyMap<number, number>>;
  /** How many rows were quarantined for this mailbox. */
  quarantined(mailbox: number): Promise<number>;

  /** A message in this mailbox, received or sent. */
  received(mailbox: number, messageId: string): Promise<{ message: Message; fromMailbox: number } | null>;
  /** Whether a message went out from one mailbox (to this session, if given, whose mailbox may be another by now); what a reply's rule rests on. */
  wrote(messageId: string, from: number, to?: Pick<Session, "id" | "mailbox">): Promise<boolean>;
  /** Whether a session of this id exists and has, or had, this name. */
  bore(id: SessionId, name: string): Promise<boolean>;
  mailbox(id: number): Promise<Mailbox | null>;
  /** The newest message handed to a session: how many answers led to it, and when it was handed over. */
  lastShown(session: SessionId): Promise<{ readonly hops: number; readonly at: EpochMs } | null>;
  history(query: HistoryQuery): Promise<readonly Passed[]>;

  filter(mailbox: number, kind: FilterKind, name: string, on: boolean): Promise<void>;
  filters(mailbox: number): Promise<readonly { readonly kind: FilterKind; readonly name: string }[]>;
  /** The mailboxes that take nothing from a session: a block counts for every name it has had. */
  blockers(session: SessionId): Promise<ReadonlySet<number>>;

  /** Notes that a hook of a client was heard, and which of the client's sessions it is now. */
  sight(sighting: ClientSighting, place: Session["place"]): Promise<void>;
  /** The open session that serves this client, if it can be told. */
  servedBy(
    client: ProcessMark,
    clientSession: string | null,
    place: Session["place"],
  ): Promise<Session | null>;
  /** The conversation of a session, open or closed; null: no hook of its client told where it is. */
  transcriptOf(id: SessionId): Promise<Kept | null>;
  /** After `/clear` and in-session `/resume` the client's session id is another, its server the same. */
  follow(id: SessionId, clientSession: string): Promise<void>;

  /** Whether anything is due to expire or to be swept; cheap, for every few seconds. */
  due(): Promise<boolean>;
  /** Messages whose time ran out unread; empty unless `holder` gets the sweeping lease. */
  overdue(holder: SessionId): Promise<readonly Overdue[]>;
  /** Marks them expired and tells the sender, in one transaction: nobody is left untold by a crash. */
  expire(overdue: Overdue, notice: Posting | null): Promise<void>;
  /** Deletes history past its days; only for the holder of the sweeping lease. */
  prune(holder: SessionId, days: number): Promise<void>;

  /** How much the store holds, in bytes; room within it that is free does not count. Cheap. */
  bytes(): Promise<number>;
  /** Housekeeping of the engine, for a quiet moment; may take some milliseconds. */
  tidy(): void;
  /** Whether another process has written since the last call. Nearly free. @throws DmError `bus_moved`. */
  changed(): boolean;
  /**
   * Its file was deleted or replaced under it: brings mail that nobody has read into the one that is at
   * its place now, or makes that. Several may do it at once.
   */
  bringOver(): Promise<{ readonly messages: number; readonly waiting: number }>;
  /** For who leaves right after it wrote: if another file is taking the place of this one, what it wrote is brought over. One that was deleted stays so. */
  leaveNoneBehind(): Promise<void>;
  end(): void;
}

export interface Overdue {
  readonly message: Message;
  readonly fromMailbox: Mailbox | null;
  readonly to: readonly { readonly addressed: number; readonly name: string; readonly handed: boolean }[];
}
