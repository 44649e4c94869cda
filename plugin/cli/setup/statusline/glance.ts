import { glimpse } from "../../../bus/sqlite/glimpse.ts";
import type { Clock } from "../../../core/clock.ts";
import { type Env, homeFrom } from "../../../core/home.ts";
import type { Place, Session } from "../../../core/model.ts";
import { ancestorsOf } from "../../../host/lineage.ts";
import { sharesPids, thisPlace } from "../../../host/place.ts";
import { isRunning } from "../../../host/process.ts";
import { standing } from "../../../policy/presence.ts";
import { type Glance, statusLine } from "./line.ts";

export interface Watching {
  /** What the client wrote to stdin. */
  readonly input: string;
  readonly env: Env;
  readonly clock: Clock;
  /** The process that the client, or its shell, started. */
  readonly pid: number;
}

/**
 * The line for the client that asks. Empty where there is nothing to say, and where anything is wrong:
 * this is run every few seconds, below somebody's work, and is no place for complaints.
 */
export function lineFor(watching: Watching): string {
  const seen = glanceAt(watching);
  return seen === null ? "" : statusLine(seen, { colour: (watching.env.NO_COLOR ?? "") === "" });
}

/** What that line is made of, or null. */
export function glanceAt(watching: Watching): Glance | null {
  try {
    return glance(watching);
  } catch {
    return null;
  }
}

function glance({ input, env, clock, pid }: Watching): Glance | null {
  const clientSession = sessionIdIn(input);
  const place = thisPlace();
  return glimpse(homeFrom(env).bus, ({ sessions, unread, forPerson, asking }) => {
    const self = own(sessions, { clientSession, place, pids: clientPids(env, pid) });
    if (self === null) return null;
    // Without `ps`, of which macOS needs one per process, the pid alone tells.
    const alive: typeof isRunning = (mark) => isRunning(mark, true);
    const there = (one: Session) => standing(one, { place, clock, sharesPids, isRunning: alive });
    const live = new Map(
      sessions.map((one) => [one.id, there(one)] as const).filter(([, is]) => is !== "gone"),
    );
    const reachable = ({ id, listed, project }: Session) =>
      id !== self.id && listed && live.has(id) && (self.project === null || project === self.project);
    return {
      name: self.name,
      project: self.project,
      peers: sessions.filter(reachable).length,
      unread: unread(self),
      forPerson,
      asking: asking.filter((id) => live.has(id)).length,
      deaf: live.get(self.id) === "deaf",
    };
  });
}

function sessionIdIn(input: string): string | null {
  const { session_id: id } = JSON.parse(input) as { session_id?: unknown };
  return typeof id === "string" ? id : null;
}

/** The client's own word first; a status line of somebody else's may have started us, or a shell. */
function clientPids({ CLAUDE_PID }: Env, pid: number): readonly number[] {
  const told = Number(CLAUDE_PID);
  return Number.isInteger(told) && told > 1 ? [told] : ancestorsOf(pid).slice(0, 4);
}

interface Asked {
  readonly clientSession: string | null;
  readonly place: Place;
  readonly pids: readonly number[];
}

/** By the client's process, then by its session: that one is stale for a moment after `/clear`. */
function own(sessions: readonly Session[], { clientSession, place, pids }: Asked): Session | null {
  const here = sessions.filter((one) => sharesPids(one.place, place));
  const ofClient = here.filter(({ client }) => pids.includes(client.pid) && isRunning(client, true));
  // Several servers may share a client (embedders); then its session decides.
  const [only] = ofClient;
  if (ofClient.length === 1 && only !== undefined) return only;
  const among = ofClient.length > 0 ? ofClient : here;
  return among.find((one) => clientSession !== null && one.clientSession === clientSession) ?? null;
}
