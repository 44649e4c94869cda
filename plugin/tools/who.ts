import * as z from "zod";
import { dayMs } from "../core/clock.ts";
import type { Session } from "../core/model.ts";
import { neutraliseLine } from "../core/neutral.ts";
import { rosterOf, tell } from "../policy/roster.ts";
import { tool } from "./tool.ts";

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
    const { list, gone } = await rosterOf(
      { bus, clock, standing, own: { id: self.id, condition } },
      { ...filter, unlisted: false, closedWithinMs: closed ? dayMs : null },
    );
    const sessions = list.map((one) => {
      const unseen = one.unread === null ? 0 : (waiting.get(one.session.mailbox) ?? 0);
      return {
        ...tell(one, neutraliseLine),
        ...(unseen > 0 ? { unseen_from_you: unseen } : {}),
        you: one.session.id === self.id,
      };
    });
    if (gone.length > 0) await bus.close(gone);
    const warnings = await warningsOf(bus, self);
    return { result: { sessions, ...(warnings.length > 0 ? { warnings } : {}) } };
  },
});

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
