import type { Entry } from "../../../bus/journal.ts";
import type { Clock } from "../../../core/clock.ts";
import type { Session, UpMs } from "../../../core/model.ts";
import { sharesPids } from "../../../host/place.ts";
import { isRunning } from "../../../host/process.ts";
import { subjectOf } from "../../../policy/approval.ts";
import { readable } from "../../../policy/petition.ts";
import { standing } from "../../../policy/presence.ts";
import { type Listed, rosterOf } from "../../../policy/roster.ts";
import type { Party, Request, Scene } from "../../../view/scene.ts";
import { type Wait, waitsIn } from "../../../view/waits.ts";
import { warnings, whereOf } from "../../approve/listing.ts";
import { type Asked, requestsOf } from "../../approve/requests.ts";
import { doubt } from "../../person.ts";
import type { Store } from "../../store.ts";
import { type Believe, believer, sift } from "../believed.ts";
import { feed } from "./feed.ts";

/** What one look at the bus found. */
export interface Found extends Omit<Scene, "now" | "trouble" | "doubt"> {
  /** The sessions too are of now, and not of a moment ago: look again soon. */
  readonly isWhole: boolean;
  /** The same requests, as they are answered. */
  readonly asked: readonly Asked[];
}

export interface Looker {
  /** @param open the message that is open, if one is. */
  readonly look: (open: string | null) => Promise<Found>;
  /** Why this process is not taken for the person. */
  readonly doubt: string | null;
}

const longestThread = 50;
export const seldomMs = 1_500;

export async function looker(store: Store, self: { pid: number; keyboard: boolean }): Promise<Looker> {
  const { bus, place, clock } = store;
  const alive = seldom(clock);
  const stands = (session: Session) => standing(session, { place, clock, sharesPids, isRunning: alive });
  const believe = believer(store.home);
  const messages = feed(bus, believe);
  const read = reader(store, believe);
  // What stood there when it was first shown: a row that is changed under the eyes of who reads it is none.
  let last: { readonly sessions: readonly Party[]; readonly at: UpMs } | null = null;
  let waits: { readonly of: readonly Entry[]; readonly list: readonly Wait[]; readonly at: UpMs } | null =
    null;
  let first: ReadonlyMap<string, string> = new Map();

  async function sessionsNow(): Promise<readonly Party[]> {
    const sought = { unlisted: true, closedWithinMs: null };
    const { list } = await rosterOf({ bus, clock, standing: stands, own: null }, sought);
    return list.map(partyOf);
  }

  return {
    doubt: await doubt({ bus, place, ...self }),
    async look(open) {
      const { list: waiting, forged } = await requestsOf(store, "open");
      const asked = waiting.filter(
        ({ request }) => (first.get(request.id) ?? request.signature) === request.signature,
      );
      first = new Map(waiting.map(({ request }) => [request.id, first.get(request.id) ?? request.signature]));
      const entries = await messages.look();
      const up = clock.up();
      // Fifty sessions write two heartbeats a second, and nothing else is in most of them.
      const isLate = (at: UpMs) => Math.abs(up - at) >= seldomMs;
      const isWhole = last === null || waits?.of !== entries || isLate(last.at);
      if (last === null || isWhole) last = { sessions: await sessionsNow(), at: up };
      if (waits?.of !== entries || isLate(waits.at))
        waits = { of: entries, list: waitsIn(entries, clock.now()), at: up };
      return {
        isWhole,
        sessions: last.sessions,
        requests: asked.map(requestOf),
        asked,
        forPerson: await bus.forPerson(),
        forged: forged + waiting.length - asked.length + messages.forged(),
        messages: entries,
        waits: waits.list,
        thread: open === null ? null : await read(open, entries),
      };
    },
  };
}

/** Whether a process runs, a moment ago: of a look at fifty sessions it is most of the cost. */
function seldom(clock: Clock): typeof isRunning {
  let known = new Map<string, boolean>();
  let from = Number.NEGATIVE_INFINITY;
  return (mark, heardLately) => {
    const up = clock.up();
    if (Math.abs(up - from) >= seldomMs) {
      known = new Map();
      from = up;
    }
    const key = `${mark.pid} ${mark.start}`;
    const runs = known.get(key) ?? isRunning(mark, heardLately);
    known.set(key, runs);
    return runs;
  };
}

/** Reads a message with all that belongs to it, by where it lies once that is known: looking for an id is dear. */
function reader({ bus }: Store, believe: Believe) {
  let place: { readonly id: string; readonly seq: number; readonly threadId: string | undefined } | null =
    null;
  return async (id: string, entries: readonly Entry[]): Promise<readonly Entry[] | null> => {
    if (place?.id !== id) {
      const known =
        entries.find(({ message }) => message.id === id) ?? (await bus.journal({ id, limit: 1 }))[0];
      if (known === undefined) return null;
      place = { id, seq: known.message.seq, threadId: known.message.threadId ?? undefined };
    }
    const all = await bus.conversation({ seq: place.seq, threadId: place.threadId, limit: longestThread });
    return sift(all, believe).entries;
  };
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
