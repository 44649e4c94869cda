import type { EpochMs, SessionId } from "../core/model.ts";
import type { PermissionRequest, Settlement, Verdict } from "../core/permission.ts";

export interface Recorded extends PermissionRequest {
  readonly settlement: Settlement;
}

/** A verdict as it stands in the store; the same one may stand there twice. */
export interface GivenVerdict extends Verdict {
  readonly row: number;
}

export type AuditKind =
  | "asked"
  | "rule"
  | "remembered"
  | "given"
  | "effective"
  | "overtaken"
  | "local"
  | "withdrawn"
  | "altered"
  | "refused"
  /** A session read another one's transcript; no request, but somebody will ask who did. */
  | "read";

/** One line of the record of who asked, who answered, and what came of it. */
export interface AuditEntry {
  readonly at: EpochMs;
  readonly request: string;
  readonly kind: AuditKind;
  readonly who: string;
  readonly detail: string;
}

export interface AuditQuery {
  readonly since?: EpochMs | undefined;
  readonly request?: string | undefined;
  readonly limit: number;
}

/**
 * The part of the store that relays permission requests. What stands here informs; what is believed,
 * the requester's own server decides from what it noted when it asked (policy/verdict.ts).
 */
export interface RelayBus {
  /** Writes it down as open; over whatever stands under its id. */
  openRequest(request: PermissionRequest): Promise<void>;
  /** Newest last; by state, or all of the last days. */
  requests(which: "open" | "all"): Promise<readonly Recorded[]>;
  request(id: string): Promise<Recorded | null>;
  /** How far its own session says that it has come. */
  settle(id: string, settlement: Settlement): Promise<void>;
  /** With its line of the record, in one transaction: nobody acts on what is not on record. */
  giveVerdict(verdict: Verdict, line: AuditEntry): Promise<void>;
  /** Verdicts on a session's requests that it has not looked at, oldest first. */
  verdicts(session: SessionId): Promise<readonly GivenVerdict[]>;
  /** It was looked at: believed, or why not. */
  markVerdict(row: number, refused: string | null): Promise<void>;
  /** Mail about a request that nobody was given yet is taken back. @returns mailboxes that were given it. */
  withdrawAsking(request: string): Promise<readonly number[]>;
  audit(entry: AuditEntry): Promise<void>;
  audits(query: AuditQuery): Promise<readonly AuditEntry[]>;
}
