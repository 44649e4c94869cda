import type { Bus } from "../bus/bus.ts";
import { type Clock, iso } from "../core/clock.ts";
import type { Condition, EpochMs, Presence, Reach, Session } from "../core/model.ts";
import { fold } from "../core/names.ts";
import type { Standing } from "./presence.ts";

/** A session as others see it. */
export interface Listed {
  readonly session: Session;
  readonly presence: Presence;
  /** Since when it stands so. */
  readonly since: EpochMs;
  /** The tool in hand, or what its open prompt asks for. */
  readonly on: string | null;
  /** Null: it has not told, or is closed. */
  readonly reach: Reach | null;
  readonly quietUntil: EpochMs | null;
  /** Null: closed. */
  readonly unread: number | null;
}

export interface Lister {
  readonly bus: Pick<Bus, "roster" | "closedSince">;
  readonly clock: Clock;
  readonly standing: (session: Session) => Standing;
  /** The session that asks, which knows of itself what it has not told yet; null: none does. */
  readonly own: { readonly id: string; readonly condition: () => Condition } | null;
}

export interface Sought {
  readonly project?: string | undefined;
  readonly repo?: string | undefined;
  readonly folder?: string | undefined;
  /** Unlisted ones too (headless, without a name). */
  readonly unlisted: boolean;
  /** Those too that closed within so many milliseconds. */
  readonly closedWithinMs: number | null;
}

export interface Roster {
  /** Oldest first; behind them the closed ones, the last closed first. */
  readonly list: readonly Listed[];
  /** Ids of sessions that nobody has closed although nobody is there any more. */
  readonly gone: readonly string[];
}

/** Who is here, and how each one stands. Changes nothing. */
export async function rosterOf({ bus, clock, standing, own }: Lister, sought: Sought): Promise<Roster> {
  const list: Listed[] = [];
  const gone: Session[] = [];
  for (const session of await bus.roster()) {
    const self = own !== null && own.id === session.id ? own.condition() : null;
    const presence = self === null ? standing(session) : (self.activity?.state ?? "live");
    if (presence === "gone") gone.push(session);
    else if (matches(session, sought) && (session.listed || sought.unlisted || self !== null)) {
      const known = self ?? session.condition;
      list.push({ ...standingOf(session, presence, known), session, unread: session.unread });
    }
  }
  if (sought.closedWithinMs !== null) {
    const closed = await bus.closedSince(clock.now() - sought.closedWithinMs);
    const left = own === null ? gone.map((session) => ({ ...session, closedAt: session.beatAt })) : [];
    for (const session of [...left, ...closed]) if (matches(session, sought)) list.push(closedEntry(session));
  }
  return { list, gone: gone.map(({ id }) => id) };
}

/** Since when it stands so, with what it is busy or what it waits for, and how mail gets there. */
function standingOf(
  { startedAt, beatAt }: Session,
  presence: Exclude<Standing, "gone">,
  condition: Condition | null,
) {
  const activity = condition?.activity ?? null;
  const told = activity !== null && activity.state === presence ? activity : null;
  return {
    presence,
    since: told?.since ?? (presence === "live" ? startedAt : beatAt),
    on: told?.on ?? null,
    reach: presence === "deaf" ? "wake" : (condition?.reach ?? null),
    quietUntil: condition?.quietUntil ?? null,
  } as const;
}

function closedEntry(session: Session): Listed {
  const since = session.closedAt ?? session.beatAt;
  return { session, presence: "closed", since, on: null, reach: null, quietUntil: null, unread: null };
}

function matches(session: Session, { project, repo, folder }: Sought): boolean {
  if (project !== undefined && session.project !== (fold(project) || null)) return false;
  if (repo !== undefined && session.repo?.toLowerCase() !== repo.trim().toLowerCase()) return false;
  if (folder === undefined) return true;
  const wanted = folder.trim().replace(/(?<=.)\/+$/, "");
  return session.cwd === wanted || session.cwd.split("/").at(-1)?.toLowerCase() === wanted.toLowerCase();
}

/**
 * The same as others read it, model or script.
 *
 * @param shown what becomes of text that a session chose itself.
 */
export function tell(
  { session, presence, since, on, reach, quietUntil, unread }: Listed,
  shown: (text: string) => string,
) {
  const { id, name, role, project, cwd, repo, branch } = session;
  return {
    id,
    name,
    role,
    project,
    cwd: shown(cwd),
    repo: repo === null ? null : shown(repo),
    branch: branch === null ? null : shown(branch),
    presence,
    since: iso(since),
    ...(on === null ? {} : { on: shown(on) }),
    ...(reach === null ? {} : { reach }),
    ...(quietUntil === null ? {} : { quiet_until: iso(quietUntil) }),
    ...(unread === null ? {} : { unread }),
  };
}
