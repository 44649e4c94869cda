import type { RequestState, Settlement, Verdict } from "../../core/permission.ts";
import type { AuditEntry, GivenVerdict, Recorded, RelayBus } from "../relay.ts";
import type { Store } from "./store.ts";

interface RequestRow {
  id: string;
  letters: string;
  session: string;
  name: string;
  role: string;
  project: string | null;
  cwd: string;
  branch: string | null;
  tool: string;
  description: string;
  input: string;
  asked_at: number;
  asked: string;
  public_key: string;
  signature: string;
  state: RequestState;
  settled_by: string | null;
  behavior: Settlement["behavior"];
  reason: string | null;
  settled_at: number | null;
}

interface VerdictRow {
  row: number;
  request: string;
  decider: string;
  public_key: string;
  behavior: Verdict["behavior"];
  reason: string | null;
  remember: number;
  at: number;
  signature: string;
}

/** Permission requests, verdicts, and the record of both. */
export function relay({ db, write, read }: Store): RelayBus {
  const record = ({ at, request, kind, who, detail }: AuditEntry): void => {
    db.query("insert into audit (at, request, kind, who, detail) values (?, ?, ?, ?, ?)").run(
      at,
      request,
      kind,
      who,
      detail,
    );
  };

  return {
    openRequest: (request) =>
      write(() => {
        db.query(
          `insert or replace into permission_request (id, letters, session, name, role, project, cwd, branch, tool, description, input,
             asked_at, asked, public_key, signature, state)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')`,
        ).run(
          request.id,
          request.letters,
          request.session,
          request.name,
          request.role,
          request.project,
          request.cwd,
          request.branch,
          request.tool,
          request.description,
          request.input,
          request.askedAt,
          JSON.stringify(request.asked),
          request.publicKey,
          request.signature,
        );
      }),

    requests: (which) =>
      read(() =>
        db
          .query<RequestRow, []>(
            `select * from permission_request ${which === "open" ? "where state = 'open'" : ""} order by asked_at, id`,
          )
          .all()
          .map(toRequest),
      ),

    request: (id) =>
      read(() => {
        const row = db.query<RequestRow, [string]>("select * from permission_request where id = ?").get(id);
        return row === null ? null : toRequest(row);
      }),

    settle: (id, { state, by, behavior, reason, at }) =>
      write(() => {
        db.query(
          "update permission_request set state = ?, settled_by = ?, behavior = ?, reason = ?, settled_at = ? where id = ?",
        ).run(state, by, behavior, reason, at, id);
      }),

    giveVerdict: (verdict, line) =>
      write(() => {
        db.query(
          `insert into verdict (request, decider, public_key, behavior, reason, remember, at, signature, seen)
           values (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
        ).run(
          verdict.request,
          verdict.decider,
          verdict.publicKey,
          verdict.behavior,
          verdict.reason,
          verdict.remember ? 1 : 0,
          verdict.at,
          verdict.signature,
        );
        record(line);
      }),

    verdicts: (session) =>
      read(() =>
        db
          .query<VerdictRow, [string]>(
            `select v.*, v.rowid as row from verdict v join permission_request r on r.id = v.request
             where r.session = ? and v.seen = 0 order by v.rowid`,
          )
          .all(session)
          .map(toVerdict),
      ),

    markVerdict: (row, refused) =>
      write(() => {
        db.query("update verdict set seen = 1, refused = ? where rowid = ?").run(refused, row);
      }),

    withdrawAsking: (request) =>
      write(() => {
        const mail = "select seq from message where thread_id = ? and kind = 'request'";
        db.query(
          `update delivery set state = 'refused', open = 0, evidence = 'settled before it was handed over'
           where message in (${mail}) and state = 'queued'`,
        ).run(request);
        return db
          .query<{ mailbox: number }, [string]>(
            `select distinct mailbox from delivery where message in (${mail}) and state in ('handed', 'seen', 'replied')`,
          )
          .all(request)
          .map((row) => row.mailbox);
      }),

    audit: (entry) => write(() => record(entry)),

    audits: ({ since = 0, request, limit }) =>
      read(() =>
        db
          .query<AuditEntry, { since: number; request: string | null; limit: number }>(
            `select at, request, kind, who, detail from (
               select * from audit where at >= $since and ($request is null or request = $request) order by seq desc limit $limit
             ) order by seq`,
          )
          .all({ since, request: request ?? null, limit }),
      ),
  };
}

function toRequest(row: RequestRow): Recorded {
  return {
    id: row.id,
    letters: row.letters,
    session: row.session,
    name: row.name,
    role: row.role,
    project: row.project,
    cwd: row.cwd,
    branch: row.branch,
    tool: row.tool,
    description: row.description,
    input: row.input,
    askedAt: row.asked_at,
    asked: toAsked(row.asked),
    publicKey: row.public_key,
    signature: row.signature,
    settlement: {
      state: row.state,
      by: row.settled_by,
      behavior: row.behavior,
      reason: row.reason,
      at: row.settled_at,
    },
  };
}

export function toAsked(text: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return []; // written past us: its signature fails
  }
}

function toVerdict(row: VerdictRow): GivenVerdict {
  return {
    row: row.row,
    request: row.request,
    decider: row.decider,
    publicKey: row.public_key,
    behavior: row.behavior,
    reason: row.reason,
    remember: row.remember === 1,
    at: row.at,
    signature: row.signature,
  };
}
