import type { Row } from "./salvage.ts";

/** The tables that mail hangs on, as they could be read. */
export interface Tables {
  readonly mailboxes: readonly Row[];
  readonly sessions: readonly Row[];
  readonly names: readonly Row[];
  readonly messages: readonly Row[];
  readonly deliveries: readonly Row[];
}

/**
 * Puts back what a damaged page took, as far as the messages themselves tell it: for whom they are, who
 * wrote them, with which key. A message of which no delivery is left may have been read or not: it
 * waits again, and will say that it is a repeat.
 *
 * @param broken the tables of which not everything could be read.
 */
export function rebuild(old: Tables, broken: ReadonlySet<string>, now: number): Tables {
  const deliveries = broken.has("delivery")
    ? [...old.deliveries, ...missingDeliveries(old, now)]
    : old.deliveries;
  const mailboxes = broken.has("mailbox")
    ? [...old.mailboxes, ...missingMailboxes({ ...old, deliveries })]
    : old.mailboxes;
  if (!broken.has("session") && !broken.has("session_name")) return { ...old, mailboxes, deliveries };
  const known = new Set(old.sessions.map(({ id }) => id));
  const writers = new Map(
    old.messages
      .filter(({ from_id: id }) => !known.has(id ?? null))
      .map((message) => [message.from_id, message]),
  );
  const boxes = new Set(mailboxes.map(({ id }) => id));
  return {
    mailboxes: [
      ...mailboxes,
      ...[...writers.values()]
        .filter(({ from_mailbox: id }) => !boxes.has(id ?? null))
        .map((message) => mailbox(message.from_mailbox, message.from_name, message.from_project)),
    ],
    sessions: [...old.sessions, ...[...writers.values()].map((message) => writer(message, now))],
    names: [
      ...old.names,
      ...old.messages.map(({ from_id: session, from_name: name }) => ({
        session: session ?? null,
        name: name ?? null,
      })),
    ],
    messages: old.messages,
    deliveries,
  };
}

function recipientsOf(message: Row): readonly (readonly [number, string, string | null])[] {
  try {
    const list: unknown = JSON.parse(String(message.recipients));
    return Array.isArray(list)
      ? list.filter(Array.isArray).map(([box, name, project]) => [box, name, project])
      : [];
  } catch {
    return [];
  }
}

function* missingDeliveries({ messages, deliveries }: Tables, now: number): Generator<Row> {
  const known = new Set(deliveries.map(({ message, addressed }) => `${message} ${addressed}`));
  const answered = new Set(messages.map((one) => `${one.in_reply_to} ${one.from_mailbox}`));
  for (const message of messages) {
    const expires_at = Number(message.sent_at) + Number(message.ttl_ms);
    if (expires_at <= now) continue; // its sender was told long ago, or it was read
    for (const [addressed, name] of recipientsOf(message)) {
      if (known.has(`${message.seq} ${addressed}`) || answered.has(`${message.id} ${addressed}`)) continue;
      const waits = { state: "queued", open: 1, offers: 1, unsure: 1 };
      yield { message: message.seq ?? null, addressed, mailbox: addressed, name, expires_at, ...waits };
    }
  }
}

/** Of those for whom mail waits. */
function* missingMailboxes({ mailboxes, sessions, messages, deliveries }: Tables): Generator<Row> {
  const known = new Set(mailboxes.map(({ id }) => Number(id)));
  for (const { id, name, project, cwd, mailbox: box } of sessions) {
    if (known.has(Number(box))) continue;
    known.add(Number(box));
    yield { ...mailbox(box, name, project), folder: cwd ?? "", holder: id ?? null };
  }
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  for (const { message: seq, mailbox: box, addressed, open } of deliveries) {
    if (open !== 1 || known.has(Number(box))) continue;
    const to = recipientsOf(bySeq.get(seq) ?? {}).find(([one]) => one === addressed);
    if (to === undefined) continue;
    known.add(Number(box));
    yield mailbox(box, to[1], to[2]);
  }
}

function mailbox(id: unknown, name: unknown, project: unknown): Row {
  return {
    id: Number(id),
    name: String(name),
    project: project == null ? "" : String(project),
    folder: "",
    holder: null,
    archived_at: null,
  };
}

/** Closed, and of no process: enough to believe what it signed. */
function writer(message: Row, now: number): Row {
  const { from_id: id, public_key, from_name: name, from_role: role, from_project: project } = message;
  const [unknown, never] = [
    { machine: "", boot: "", pid_space: "", server_start: "?", client_start: "?", cwd: "" },
    { server_pid: 0, client_pid: 0, listed: 0, beat_up: 0 },
  ];
  return {
    ...{
      id,
      public_key,
      name,
      role,
      project,
      start_name: null,
      start_role: role,
      mailbox: message.from_mailbox,
    },
    ...unknown,
    ...never,
    started_at: message.sent_at,
    beat_at: message.sent_at,
    closed_at: now,
  } as Row;
}
