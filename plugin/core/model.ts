/**
 * The words everybody in this house speaks. One word per thing; every later name uses these.
 *
 * client     one running Claude Code process
 * session    one run of the channel server, with a key, a name, a role and perhaps a project
 * mailbox    what is addressed to a name within a project; it outlives the session
 * message    one text with its sender and signature; a broadcast is one message, many deliveries
 * delivery   one message for one mailbox, and how far it has come
 * path       how a delivery reaches the model
 * receipt    the state of a delivery, with evidence
 * bell       a Unix socket per session; rung after a commit so that the receiver looks now
 * notice     a message of cc-dm itself to a sender (mail expired unread)
 *
 * Plain types, no zod: the hook starts for every wake and must not load a validator (66 of 82 ms
 * of a cold start are the MCP SDK and zod). What comes from outside is parsed in tools/ and config.
 */
export type EpochMs = number;
/** Milliseconds since this machine booted; unlike the wall clock nobody can set it. */
export type UpMs = number;
export type SessionId = string;
export type MailboxId = number;

export const priorities = ["urgent", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];
export const messageTypes = ["task", "question", "status", "review"] as const;
export type MessageType = (typeof messageTypes)[number];
export const paths = ["channel", "wake", "turn", "pull"] as const;
export type Path = (typeof paths)[number];
export type Presence = "live" | "idle" | "busy" | "blocked" | "away" | "deaf" | "closed";
/** `request`: a permission request put to one session, or word of what came of it. */
export type MessageKind = "dm" | "broadcast" | "notice" | "request";
/** What a sender may be told of: that its message was seen, or that the receiver has finished its work after it. */
export const notifications = ["seen", "idle"] as const;
export type Notification = (typeof notifications)[number];
/**
 * How mail gets to a session by itself now: `push` (channel), `wake` (also while idle), `turn` (with
 * its next turn), `pull` (when it calls inbox); `deaf`: what was handed over shows no sign of having been read.
 */
export type Reach = "push" | "wake" | "turn" | "pull" | "deaf";

/** What a client is doing, as its hooks and its transcript tell. */
export interface Activity {
  readonly state: "idle" | "busy" | "blocked";
  readonly since: EpochMs;
  /** The tool in hand while busy, what is asked for while blocked. */
  readonly on: string | null;
}

/** What a session tells the others about itself. */
export interface Condition {
  /** Null: no hook of its client told anything yet. */
  readonly activity: Activity | null;
  readonly reach: Reach;
  /** Nothing starts a turn there before then. */
  readonly quietUntil: EpochMs | null;
}

/**
 * queued -> handed (given to a path) -> seen (with evidence) -> replied;
 * or expired (never read in time), refused (not shown, the sender is told), quarantined
 * (the row fails its signature or its rule: counted and reported, never shown).
 */
export const deliveryStates = [
  "queued",
  "handed",
  "seen",
  "replied",
  "expired",
  "refused",
  "quarantined",
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * The rule that let a message through; signed with it and asked again before it is shown. `user`: to
 * the person, whatever the project.
 */
export type ScopeRule = "same-project" | "no-project" | "user" | "reply" | "notice" | "relay";

export interface Identity {
  readonly name: string;
  readonly role: string;
  readonly project: string | null;
}

/** Where a process lives. A pid means something only within one boot and one pid namespace. */
export interface Place {
  readonly machine: string;
  readonly boot: string;
  readonly pidSpace: string;
}

export interface ProcessMark {
  readonly pid: number;
  /** Start time as the system tells it; with the pid it names a process for good. */
  readonly start: string;
}

export interface Session extends Identity {
  readonly id: SessionId;
  readonly publicKey: string;
  readonly startName: string | null;
  readonly startRole: string;
  readonly mailbox: MailboxId;
  readonly place: Place;
  readonly server: ProcessMark;
  readonly client: ProcessMark;
  readonly clientSession: string | null;
  readonly cwd: string;
  readonly repo: string | null;
  readonly branch: string | null;
  /** Unlisted sessions (headless, unnamed) are in no roster and get no broadcasts. */
  readonly listed: boolean;
  readonly bell: string | null;
  readonly startedAt: EpochMs;
  readonly beatAt: EpochMs;
  readonly beatUp: UpMs;
  readonly closedAt: EpochMs | null;
  /** When a hook of its client was last heard; null: a plain MCP client, as far as we know. */
  readonly hooksAt: EpochMs | null;
  /** The version of the plugin that it runs. */
  readonly version: string;
  /** Whether others may read its conversation (CC_DM_TRANSCRIPT); null: a version that does not say. */
  readonly givesTranscript: boolean | null;
  /** Null until it has told. */
  readonly condition: Condition | null;
}

export interface Mailbox {
  readonly id: MailboxId;
  readonly name: string;
  readonly project: string | null;
  readonly folder: string;
  readonly holder: SessionId | null;
}

/** A recipient as the sender signed it. */
export interface Recipient {
  readonly mailbox: MailboxId;
  readonly name: string;
  readonly project: string | null;
}

/** What a sender signs, in full. */
export interface Letter {
  readonly id: string;
  readonly kind: MessageKind;
  readonly fromId: SessionId;
  readonly fromName: string;
  readonly fromRole: string;
  readonly fromProject: string | null;
  readonly recipients: readonly Recipient[];
  readonly body: string;
  /** Null: the sender set none, which counts as normal. */
  readonly priority: Priority | null;
  readonly type: MessageType | null;
  readonly threadId: string | null;
  readonly inReplyTo: string | null;
  /** Answers in quick succession that led to this message; see policy/loop.ts. */
  readonly hops: number;
  readonly rule: ScopeRule;
  readonly sentAt: EpochMs;
  readonly ttlMs: number;
}

export interface Message extends Letter {
  readonly seq: number;
  readonly publicKey: string;
  readonly signature: string;
}

/** One message as a receiver's claim hands it out. */
export interface Offer {
  readonly message: Message;
  readonly addressed: MailboxId;
  /** Random, new for every offer, known to the receiver only: found again, it proves sight. */
  readonly token: string;
  /** 1 for the first time; above, it may have been shown before. */
  readonly offers: number;
}

export interface Receipt {
  readonly name: string;
  readonly state: DeliveryState;
  readonly path: Path | null;
  readonly offers: number;
  readonly handedAt: EpochMs | null;
  readonly seenAt: EpochMs | null;
  readonly evidence: string | null;
}

/** A message as its sender or receiver looks back on it. */
export interface Passed {
  readonly message: Message;
  readonly sent: boolean;
  readonly receipts: readonly Receipt[];
}

/** mute: waits without interrupting; block: refused, and its sender told. */
export type FilterKind = "mute" | "block";

/** Answers in a row without work between them, before they are held back (CC_DM_REPLY_LIMIT). */
export const defaultReplyLimit = 16;
