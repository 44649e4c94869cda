import type { Joining } from "../bus/bus.ts";
import type { Log } from "../core/log.ts";
import type { Identity, Session } from "../core/model.ts";
import type { Desk } from "../policy/desk.ts";
import { arrive, type Joins } from "../policy/join.ts";

export const heartbeatMs = 30_000;

export interface Membership {
  /** Reads our own row again: hooks heard, a name changed. Joins again if it is gone. */
  refresh(): Promise<void>;
  /** Says "still here", and where the work stands in git. */
  beat(): Promise<void>;
}

export interface MembershipParts extends Joins {
  readonly desk: Desk;
  readonly base: Omit<Joining, keyof Identity | "startName" | "startRole">;
  readonly branch: () => string | null;
  readonly log: Log;
}

/**
 * Keeps this server on the roster. A laptop that slept, a sweep gone wrong, a bus that was moved
 * away and made anew: whoever finds its row gone registers again, under the name it had.
 */
export function membership(parts: MembershipParts): Membership {
  const { bus, desk, base, branch, log } = parts;

  async function rejoin(): Promise<void> {
    const { name, role, project, startRole } = desk.self();
    const arrival = await arrive(parts, base, { name, role, project, startRole });
    desk.become(arrival.session);
    log("joined_again", { name: arrival.session.name });
  }

  return {
    async refresh() {
      const row: Session | null = await bus.session(desk.self().id);
      if (row === null || row.closedAt !== null) return rejoin();
      // Only what others write to our row: a rename of our own may be on its way meanwhile.
      desk.become({ ...desk.self(), hooksAt: row.hooksAt, clientSession: row.clientSession });
    },
    async beat() {
      if (!(await bus.beat(desk.self().id, branch()))) await rejoin();
    },
  };
}
