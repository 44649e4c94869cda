import type { Entry } from "../../../bus/journal.ts";
import type { Session } from "../../../core/model.ts";
import { sharesPids } from "../../../host/place.ts";
import { isRunning } from "../../../host/process.ts";
import { subjectOf } from "../../../policy/approval.ts";
import { readable } from "../../../policy/petition.ts";
import { lately, standing } from "../../../policy/presence.ts";
import { type Listed, rosterOf } from "../../../policy/roster.ts";
import type { Party, Request } from "../../../view/scene.ts";
import { warnings, whereOf } from "../../approve/listing.ts";
import { type Asked, requestsOf } from "../../approve/requests.ts";
import { doubt } from "../../person.ts";
import type { Store } from "../../store.ts";
import { feed } from "./feed.ts";

/** What one look at the bus found. */
export interface Found {
  readonly sessions: readonly Party[];
  readonly requests: readonly Request[];
  /** The same requests, as they are answered. */
  readonly asked: readonly Asked[];
  readonly forged: number;
  readonly messages: readonly Entry[];
  readonly thread: readonly Entry[] | null;
}

export interface Looker {
  /** @param open the message that is open, if one is. */
  readonly look: (open: string | null) => Promise<Found>;
  /** Why this process is not taken for the person. */
  readonly doubt: string | null;
}

const longestThread = 50;

export async function looker(store: Store, self: { pid: number; keyboard: boolean }): Promise<Looker> {
  const { bus, place, clock } = store;
  const look = (session: Session) => standing(session, { place, clock, sharesPids, isRunning });
  const stands = lately(look, clock);
  const messages = feed(bus);
  // What stood there when it was first shown: a row that is changed under the eyes of who reads it is none.
  let first: ReadonlyMap<string, string> = new Map();

  return {
    doubt: await doubt({ bus, place, ...self }),
    async look(open) {
      const { list } = await rosterOf(
        { bus, clock, standing: stands, own: null },
        { unlisted: true, closedWithinMs: null },
      );
      const { list: waiting, forged } = await requestsOf(store, "open");
      const asked = waiting.filter(
        ({ request }) => (first.get(request.id) ?? request.signature) === request.signature,
      );
      first = new Map(waiting.map(({ request }) => [request.id, first.get(request.id) ?? request.signature]));
      const entries = await messages.look();
      return {
        sessions: list.map(partyOf),
        requests: asked.map(requestOf),
        asked,
        forged: forged + waiting.length - asked.length,
        messages: entries,
        thread: open === null ? null : await threadOf(store, entries, open),
      };
    },
  };
}

async function threadOf(
  { bus }: Store,
  entries: readonly Entry[],
  id: string,
): Promise<readonly Entry[] | null> {
  const known = entries.find(({ message }) => message.id === id)?.message;
  const message = known ?? (await bus.journal({ id, limit: 1 }))[0]?.message;
  if (message === undefined) return null;
  const { seq, threadId } = message;
  return bus.conversation({ seq, threadId: threadId ?? undefined, limit: longestThread });
}

function partyOf({ session, presence, since, on, reach, quietUntil, unread }: Listed): Party {
  const { id, name, role, project, cwd, branch, version } = session;
  return {
    id,
    name,
    role,
    project,
    cwd,
    branch,
    version,
    presence,
    since,
    on,
    reach,
    quietUntil,
    unread: unread ?? 0,
  };
}

function requestOf(one: Asked): Request {
  const { id, letters, name, role, project, tool, description, input, askedAt } = one.request;
  return {
    id,
    letters,
    name,
    role,
    project,
    tool,
    subject: subjectOf(input),
    where: whereOf(one),
    askedAt,
    warnings: warnings(one),
    description,
    input: readable(input),
  };
}
