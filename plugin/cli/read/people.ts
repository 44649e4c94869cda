import type { Presence, Reach } from "../../core/model.ts";
import { type Listed, rosterOf, type Sought, tell } from "../../policy/roster.ts";
import type { Store } from "../store.ts";
import { type Ink, type Paper, paint } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { brief, shortMoment } from "../terminal/times.ts";

/** Mail of one session that somebody has not seen yet. */
export interface Awaited {
  readonly name: string;
  readonly project: string | null;
  readonly count: number;
}

export interface Person extends Listed {
  readonly awaits: readonly Awaited[];
}

/** The sessions of this bus as a person looks at them: by project, those without one last, oldest first. */
export async function people(
  { bus, clock, standing }: Store,
  sought: Omit<Sought, "unlisted">,
): Promise<readonly Person[]> {
  const { list } = await rosterOf({ bus, clock, standing, own: null }, { ...sought, unlisted: true });
  const persons = await Promise.all(list.map(async (one) => ({ ...one, awaits: await awaitedBy(one) })));
  const rank = ({ session, presence }: Person) =>
    `${presence === "closed" ? 1 : 0}${session.project === null ? "1" : `0${session.project}`}`;
  return persons.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));

  async function awaitedBy({ session }: Listed): Promise<readonly Awaited[]> {
    const found: Awaited[] = [];
    for (const [mailbox, count] of await bus.outstanding(session.mailbox)) {
      const box = await bus.mailbox(mailbox);
      if (box !== null) found.push({ name: box.name, project: box.project, count });
    }
    return found;
  }
}

/** One of them for a script: foreign text as it is. */
export function personJson(one: Person) {
  const { listed, version } = one.session;
  return { ...tell(one, (text) => text), listed, version, waits_for: one.awaits };
}

const inks: Readonly<Partial<Record<Presence, Ink>>> = {
  idle: "green",
  busy: "cyan",
  blocked: "yellow",
  away: "dim",
  deaf: "red",
  closed: "dim",
};

/** What it does, since when: `busy with Bash, 2 min`. Never coloured: see `inkOf`. */
export function doing({ presence, on, since }: Listed, now: number): string {
  const time = presence === "closed" ? shortMoment(since, now) : brief(now - since);
  const what = on === null ? "" : presence === "blocked" ? `: ${line(on)}` : ` with ${line(on)}`;
  return `${presence}${what}, ${time}`;
}

export function painted(paper: Paper, presence: Presence, text: string): string {
  const ink = inks[presence];
  return ink === undefined ? text : paint(paper, ink, text);
}

const reaches: Readonly<Record<Reach, string>> = {
  push: "mail comes at once",
  wake: "mail wakes it",
  turn: "mail waits for its next turn",
  pull: "mail waits until it looks",
  deaf: "what it is given does not show as read",
};

/** How a message gets there now; "" where that is not known. */
export function reachText({ reach, quietUntil }: Listed, now: number): string {
  if (quietUntil !== null && quietUntil > now) return `wants quiet until ${shortMoment(quietUntil, now)}`;
  return reach === null ? "" : reaches[reach];
}

/** `lead (planner, shop)` without the name. */
export function rolesOf({ session: { role, project } }: Listed): string {
  return line([role, project].filter(Boolean).join(", "));
}
