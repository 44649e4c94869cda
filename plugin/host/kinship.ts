import type { Place, ProcessMark, Session } from "../core/model.ts";
import { descends } from "./lineage.ts";
import { sharesPids } from "./place.ts";

/** A session's processes, as far as they tell whose it is. */
export interface Kinsman {
  readonly place: Place;
  readonly client: ProcessMark;
  readonly clientSession: string | null;
}

/** Whether another session is of the same client, or was started below it: nobody decides for its parent. */
export function isKinOf(own: Kinsman, other: Kinsman): boolean {
  if (!sharesPids(own.place, other.place)) return false;
  // A test host or an embedder may be the parent of servers that have nothing to do with each other.
  const isOfSameClient =
    other.client.pid === own.client.pid &&
    own.clientSession !== null &&
    other.clientSession === own.clientSession;
  // What cannot be told is taken for descent.
  return isOfSameClient || descends(other.client.pid, own.client.pid) !== false;
}

/** Whether a session's server is this very process. */
export function isOfThisProcess({ server, place }: Session, here: Place): boolean {
  return server.pid === process.pid && sharesPids(place, here);
}
