import * as z from "zod";
import { iso } from "../core/clock.ts";
import type { Condition, Session } from "../core/model.ts";
import { fold } from "../core/names.ts";
import { neutraliseLine } from "../core/neutral.ts";
import { tool } from "./tool.ts";

const dayMs = 86_400_000;

export const who = tool({
  name: "who",
  description:
    "List the sessions on this machine: name, role, project, folder, branch; presence (idle, busy with a tool, blocked on a prompt of its user, live = unknown, away = silent, deaf = its server died) and since when; reach = how a message gets there (push, wake, turn = its next turn, pull = when it calls inbox, deaf = nothing handed over shows as read); unread mail. `you` marks this one.",
  schema: z.strictObject({
    project: z.string().optional(),
    repo: z.string().optional(),
    folder: z.string().optional().describe("A folder's name or path."),
    closed: z.boolean().default(false).describe("Also those that closed within the last day."),
  }),
  async run({ desk, condition }, { closed, ...filter }) {
    const { bus, clock, standing } = desk.parts;
    const self = desk.self();
    const waiting = await bus.outstanding(self.mailbox);
    const sessions = [];
    const gone: string[] = [];
    for (const session of await bus.roster()) {
      const own = session.id === self.id ? condition() : null;
      const told = own ?? session.condition;
      const presence = own === null ? standing(session) : (own.activity?.state ?? "live");
      if (presence === "gone") gone.push(session.id);
      else if (matches(session, filter) && (session.listed || session.id === self.id)) {
        const unseen = waiting.get(session.mailbox) ?? 0;
        sessions.push({
          ...entry(session),
          presence,
          ...standingOf(session, presence, told),
          unread: session.unread,
          ...(unseen > 0 ? { unseen_from_you: unseen } : {}),
          you: session.id === self.id,
        });
      }
    }
    if (closed) {
      for (const session of await bus.closedSince(clock.now() - dayMs)) {
        if (!matches(session, filter)) continue;
        sessions.push({
          ...entry(session),
          presence: "closed",
          since: iso(session.closedAt ?? session.beatAt),
          you: false,
        });
      }
    }
    if (gone.length > 0) await bus.close(gone);
    const warnings = await warningsOf(desk.parts.bus, self);
    return { result: { sessions, ...(warnings.length > 0 ? { warnings } : {}) } };
  },
});

function entry({ id, name, role, project, cwd, repo, branch }: Session) {
  return {
    id,
    name,
    role,
    project,
    cwd: neutraliseLine(cwd),
    repo: repo === null ? null : neutraliseLine(repo),
    branch: branch === null ? null : neutraliseLine(branch),
  };
}

/** Since when it stands so, with what it is busy or what it waits for, and how mail gets there. */
function standingOf({ startedAt, beatAt }: Session, presence: string, condition: Condition | null) {
  const activity = condition?.activity ?? null;
  const told = activity !== null && activity.state === presence;
  const reachable = presence === "deaf" ? "wake" : condition?.reach;
  return {
    since: iso(told ? activity.since : presence === "live" ? startedAt : beatAt),
    ...(told && activity.on !== null ? { on: neutraliseLine(activity.on) } : {}),
    ...(reachable === undefined ? {} : { reach: reachable }),
    ...(condition?.quietUntil == null ? {} : { quiet_until: iso(condition.quietUntil) }),
  };
}

type Filter = {
  readonly project?: string | undefined;
  readonly repo?: string | undefined;
  readonly folder?: string | undefined;
};

function matches(session: Session, { project, repo, folder }: Filter): boolean {
  if (project !== undefined && session.project !== (fold(project) || null)) return false;
  if (repo !== undefined && session.repo?.toLowerCase() !== repo.trim().toLowerCase()) return false;
  if (folder === undefined) return true;
  const wanted = folder.trim().replace(/(?<=.)\/+$/, "");
  return session.cwd === wanted || session.cwd.split("/").at(-1)?.toLowerCase() === wanted.toLowerCase();
}

async function warningsOf(
  bus: { quarantined(mailbox: number): Promise<number>; foreignSessions(): Promise<readonly string[]> },
  self: Session,
) {
  const warnings: string[] = [];
  const bad = await bus.quarantined(self.mailbox);
  if (bad > 0) {
    warnings.push(
      `${bad} row${bad === 1 ? "" : "s"} addressed to this session failed the signature or rule check and ${bad === 1 ? "was" : "were"} not shown: something wrote to the bus past cc-dm. Tell the user.`,
    );
  }
  const old = await bus.foreignSessions();
  if (old.length > 0) {
    warnings.push(
      `Sessions of an older bus plugin are running on the same file (${old.slice(0, 5).map(neutraliseLine).join(", ")}); they and cc-dm cannot hear each other. Tell the user to update or restart them.`,
    );
  }
  return warnings;
}
