import * as z from "zod";
import { iso } from "../core/clock.ts";
import type { Session } from "../core/model.ts";
import { fold } from "../core/names.ts";
import { neutraliseLine } from "../core/neutral.ts";
import { tool } from "./tool.ts";

export const who = tool({
  name: "who",
  description:
    "List the sessions on this machine: name, role, project, folder, branch, presence (live, away = silent, deaf = its server died), unread mail. `you` marks this one.",
  schema: z.strictObject({
    project: z.string().optional(),
    repo: z.string().optional(),
    folder: z.string().optional().describe("A folder's name or path."),
  }),
  async run({ desk }, filter) {
    const { bus, standing } = desk.parts;
    const self = desk.self();
    const sessions = [];
    const gone: string[] = [];
    for (const session of await bus.roster()) {
      const presence = session.id === self.id ? "live" : standing(session);
      if (presence === "gone") gone.push(session.id);
      else if (matches(session, filter) && (session.listed || session.id === self.id)) {
        sessions.push({
          id: session.id,
          name: session.name,
          role: session.role,
          project: session.project,
          cwd: neutraliseLine(session.cwd),
          repo: session.repo === null ? null : neutraliseLine(session.repo),
          branch: session.branch === null ? null : neutraliseLine(session.branch),
          presence,
          since: iso(presence === "live" ? session.startedAt : session.beatAt),
          unread: session.unread,
          you: session.id === self.id,
        });
      }
    }
    if (gone.length > 0) await bus.close(gone);
    const warnings = await warningsOf(desk.parts.bus, self);
    return { result: { sessions, ...(warnings.length > 0 ? { warnings } : {}) } };
  },
});

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
