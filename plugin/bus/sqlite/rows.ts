import type {
  Activity,
  Condition,
  Mailbox,
  Message,
  Offer,
  Reach,
  Receipt,
  Recipient,
  Session,
} from "../../core/model.ts";
import { deliveryStates, paths } from "../../core/model.ts";
import { neutraliseLine } from "../../core/neutral.ts";

/** Rows as SQLite gives them; they cross into the model's words here and nowhere else. */
export interface SessionRow {
  id: string;
  public_key: string;
  name: string;
  role: string;
  project: string | null;
  start_name: string | null;
  start_role: string;
  mailbox: number;
  machine: string;
  boot: string;
  pid_space: string;
  server_pid: number;
  server_start: string;
  client_pid: number;
  client_start: string;
  client_session: string | null;
  cwd: string;
  repo: string | null;
  branch: string | null;
  listed: number;
  bell: string | null;
  started_at: number;
  beat_at: number;
  beat_up: number;
  closed_at: number | null;
  hooks_at: number | null;
  version: string;
  reach: Reach | null;
  activity: Activity["state"] | null;
  activity_since: number | null;
  activity_on: string | null;
  quiet_until: number | null;
  gives_transcript: number | null;
}

export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    publicKey: row.public_key,
    name: row.name,
    role: row.role,
    project: row.project,
    startName: row.start_name,
    startRole: row.start_role,
    mailbox: row.mailbox,
    place: { machine: row.machine, boot: row.boot, pidSpace: row.pid_space },
    server: { pid: row.server_pid, start: row.server_start },
    client: { pid: row.client_pid, start: row.client_start },
    clientSession: row.client_session,
    cwd: row.cwd,
    repo: row.repo,
    branch: row.branch,
    listed: row.listed === 1,
    bell: row.bell,
    startedAt: row.started_at,
    beatAt: row.beat_at,
    beatUp: row.beat_up,
    closedAt: row.closed_at,
    hooksAt: row.hooks_at,
    version: row.version,
    givesTranscript: row.gives_transcript === null ? null : row.gives_transcript === 1,
    condition: toCondition(row),
  };
}

function toCondition(row: SessionRow): Condition | null {
  if (row.reach === null) return null;
  const activity =
    row.activity === null
      ? null
      : { state: row.activity, since: row.activity_since ?? 0, on: row.activity_on };
  return { activity, reach: row.reach, quietUntil: row.quiet_until };
}

export interface MailboxRow {
  id: number;
  name: string;
  project: string;
  folder: string;
  holder: string | null;
}

// A unique index treats nulls as different from each other, so "no project" is '' in the table.
export function toMailbox(row: MailboxRow): Mailbox {
  return {
    id: row.id,
    name: row.name,
    project: row.project === "" ? null : row.project,
    folder: row.folder,
    holder: row.holder,
  };
}

export interface MessageRow {
  seq: number;
  id: string;
  kind: Message["kind"];
  from_id: string;
  from_name: string;
  from_role: string;
  from_project: string | null;
  from_mailbox: number;
  recipients: string;
  body: string;
  priority: Message["priority"];
  type: Message["type"];
  thread_id: string | null;
  in_reply_to: string | null;
  hops: number;
  rule: Message["rule"];
  sent_at: number;
  ttl_ms: number;
  public_key: string;
  signature: string;
}

export function toMessage(row: MessageRow): Message {
  return {
    seq: row.seq,
    id: row.id,
    kind: row.kind,
    fromId: row.from_id,
    fromName: row.from_name,
    fromRole: row.from_role,
    fromProject: row.from_project,
    recipients: toRecipients(row.recipients),
    body: row.body,
    priority: row.priority,
    type: row.type,
    threadId: row.thread_id,
    inReplyTo: row.in_reply_to,
    hops: row.hops,
    rule: row.rule,
    sentAt: row.sent_at,
    ttlMs: row.ttl_ms,
    publicKey: row.public_key,
    signature: row.signature,
  };
}

export function fromRecipients(recipients: readonly Recipient[]): string {
  return JSON.stringify(recipients.map((to) => [to.mailbox, to.name, to.project]));
}

function toRecipients(text: string): readonly Recipient[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return [];
    return parsed.map(([mailbox, name, project]: [number, string, string | null]) => ({
      mailbox,
      name,
      project,
    }));
  } catch {
    return []; // written past us: its signature fails and it is set aside
  }
}

export interface DeliveryRow {
  message: number;
  addressed: number;
  name: string;
  state: Receipt["state"];
  path: Receipt["path"];
  offers: number;
  handed_at: number | null;
  seen_at: number | null;
  evidence: string | null;
}

/** Nothing of a delivery is signed, and its row may hold anything: what is none of our words stays here. */
export function toReceipt(row: DeliveryRow): Receipt {
  return {
    name: neutraliseLine(row.name),
    state: deliveryStates.find((one) => one === row.state) ?? "quarantined",
    path: paths.find((one) => one === row.path) ?? null,
    offers: row.offers,
    handedAt: row.handed_at,
    seenAt: row.seen_at,
    evidence: row.evidence === null ? null : neutraliseLine(row.evidence),
  };
}

export function toOffer(row: MessageRow & { addressed: number }, token: string, offers: number): Offer {
  return { message: toMessage(row), addressed: row.addressed, token, offers };
}
