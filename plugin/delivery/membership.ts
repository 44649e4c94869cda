import type { Joining, News } from "../bus/bus.ts";
import type { Log } from "../core/log.ts";
import type { Identity } from "../core/model.ts";
import type { Desk } from "../policy/desk.ts";
import { arrive, type Joins } from "../policy/join.ts";

export const heartbeatMs = 30_000;

export interface Membership {
  /** Reads what others wrote for us: hooks heard, mail. Joins again if our row is gone. */
  refresh(): Promise<Refreshed>;
  /** Says "still here", and where the work stands in git. */
  beat(): Promise<void>;
}

/** What there is to look at. */
export type Refreshed = Pick<News, "mail" | "transcript" | "unproven" | "watching" | "errands"> & {
  /** After `/clear` or `/resume` the client has another conversation. */
  readonly anew: boolean;
};

export interface MembershipParts extends Joins {
  readonly desk: Desk;
  readonly base: Omit<Joining, keyof Identity | "startName" | "startRole">;
  readonly branch: () => string | null;
  readonly log: Log;
  /** Everything others knew of this session has to be told again. */
  readonly joinedAgain: () => void;
}

/**
 * Keeps this server on the roster. A laptop that slept, a sweep gone wrong: whoever finds its row gone registers again, under the name it had.
 */
export function membership(parts: MembershipParts): Membership {
  const { bus, desk, base, branch, log, joinedAgain } = parts;

  async function rejoin(): Promise<void> {
    const { name, role, project, startRole, clientSession } = desk.self();
    const arrival = await arrive(parts, { ...base, clientSession }, { name, role, project, startRole });
    desk.become(arrival.session);
    log("joined_again", { name: arrival.session.name });
    joinedAgain();
  }

  return {
    async refresh() {
      const self = desk.self();
      const news = await bus.news(self.id);
      if (news === null) {
        await rejoin();
        return { mail: true, transcript: null, unproven: true, watching: true, errands: false, anew: false };
      }
      const { hooksAt, clientSession, mail } = news;
      const moved = hooksAt !== self.hooksAt || clientSession !== self.clientSession;
      // Only what others write to our row: a rename of our own may be on its way meanwhile.
      if (moved) desk.become({ ...desk.self(), hooksAt, clientSession });
      return { ...news, mail: mail || moved, anew: clientSession !== self.clientSession };
    },
    async beat() {
      if (!(await bus.beat(desk.self().id, branch()))) await rejoin();
    },
  };
}
