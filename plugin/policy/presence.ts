import { type Clock, hasPassed } from "../core/clock.ts";
import type { Place, Presence, ProcessMark, Session } from "../core/model.ts";

export const awayAfterMs = 60_000;
// A process in another container can only be heard, not looked at.
const goneAfterMs = 5 * 60_000;

/** A session's presence, or `gone`: nobody is there any more, close it. */
export type Standing = Exclude<Presence, "closed"> | "gone";

export interface Witness {
  readonly place: Place;
  readonly clock: Clock;
  readonly sharesPids: (a: Place, b: Place) => boolean;
  readonly isRunning: (mark: ProcessMark, heardLately?: boolean) => boolean;
}

/** On this host a process check tells more than a heartbeat; elsewhere there is only the heartbeat. */
export function standing(session: Session, { place, clock, sharesPids, isRunning }: Witness): Standing {
  const beat = { at: session.beatAt, up: session.beatUp, boot: session.place.boot };
  const now = { at: clock.now(), up: clock.up(), boot: place.boot };
  const silent = (ms: number) => hasPassed(beat, now, ms);

  if (sharesPids(session.place, place)) {
    const away = silent(awayAfterMs);
    if (isRunning(session.server, !away))
      return away ? "away" : (session.condition?.activity?.state ?? "live");
    // Only a client whose hooks were heard can still be reached without its server.
    return session.hooksAt !== null && isRunning(session.client) ? "deaf" : "gone";
  }
  const rebooted = session.place.machine === place.machine && session.place.boot !== place.boot;
  if (rebooted || silent(goneAfterMs)) return "gone";
  return silent(awayAfterMs) ? "away" : (session.condition?.activity?.state ?? "live");
}

const lateMs = 500;

/**
 * The same answer for half a second, for what asks at every message: a look at a process costs more
 * than the message. Who died meanwhile gets it into its mailbox, as anybody who is closed.
 */
export function lately(look: (session: Session) => Standing, clock: Clock): (session: Session) => Standing {
  const known = new Map<string, { readonly standing: Standing; readonly at: number }>();
  return (session) => {
    const now = clock.now();
    const found = known.get(session.id);
    if (found !== undefined && Math.abs(now - found.at) < lateMs) return found.standing;
    if (known.size > 1000) known.clear();
    const standing = look(session);
    known.set(session.id, { standing, at: now });
    return standing;
  };
}
