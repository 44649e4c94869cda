import type { Bus } from "../../bus/bus.ts";
import type { Recorded } from "../../bus/relay.ts";
import { DmError } from "../../core/errors.ts";
import { leastOfId } from "../../core/ids.ts";
import type { Session } from "../../core/model.ts";
import { personName } from "../../core/names.ts";
import { isGenuineRequest, wholeInput } from "../../core/permission.ts";
import type { Store } from "../store.ts";
import { line } from "../terminal/plain.ts";

/** One request as a person reads it. */
export interface Asked {
  readonly request: Recorded;
  /** Names of the sessions that were asked. */
  readonly asked: readonly string[];
  /** Its session is there to hear the answer. */
  readonly live: boolean;
}

export interface Requests {
  /** Oldest first. */
  readonly list: readonly Asked[];
  /** Rows that are not what a session signed. */
  readonly forged: number;
}

/** What waits for an answer; or `all` that is on record. */
export async function requestsOf(store: Store, which: "open" | "all"): Promise<Requests> {
  const { bus } = store;
  const list: Asked[] = [];
  let forged = 0;
  for (const request of await bus.requests(which)) {
    if (!(await isItsOwn(bus, request))) forged++;
    else {
      const session = await bus.session(request.session);
      const live = session !== null && isThere(store, session);
      if (live || which === "all") list.push({ request, live, asked: await namesOf(bus, request) });
    }
  }
  return { list, forged };
}

/** Whether a session of that name signed it. After a week its session is forgotten; then nothing is open. */
async function isItsOwn(bus: Bus, request: Recorded): Promise<boolean> {
  if (!isGenuineRequest(request)) return false;
  if (request.settlement.state !== "open") return true;
  return bus.bore(request.session, request.name);
}

function isThere({ standing }: Store, session: Session): boolean {
  if (session.closedAt !== null) return false;
  return standing(session) !== "gone";
}

async function namesOf(bus: Bus, { asked }: Recorded): Promise<readonly string[]> {
  const sessions = await Promise.all(asked.map((id) => bus.session(id)));
  // The person is asked of every request, and is said apart.
  return sessions.flatMap((session) => (session === null || session.name === personName ? [] : session.name));
}

/**
 * The requests that these words mean: ids, parts of ids, letters.
 *
 * @throws DmError `unknown_request`, `ambiguous_request` with candidates.
 */
export function find(words: readonly string[], list: readonly Asked[]): readonly Asked[] {
  return [...new Set(words.map((word) => findOne(word.trim(), list)))];
}

function findOne(word: string, list: readonly Asked[]): Asked {
  const found = list.filter(({ request }) => names(word, request));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const said = JSON.stringify(word.slice(0, 64));
  if (only === undefined) {
    const isShort = /^[a-z\d]{1,4}$/i.test(word);
    const way = isShort ? " Give its five letters, its id, or six characters or more of that." : "";
    const none = list.length === 0 ? " None waits for an answer." : "";
    throw new DmError("unknown_request", `No request is called ${said}.${way}${none}`, {
      candidates: list.map(candidate),
    });
  }
  throw new DmError("ambiguous_request", `${found.length} requests are called ${said}; use the id.`, {
    candidates: found.map(candidate),
  });
}

export function names(word: string, { id, letters }: Pick<Recorded, "id" | "letters">): boolean {
  const upper = word.toUpperCase();
  if (id === upper || letters === word.toLowerCase()) return true;
  return word.length >= leastOfId && (id.startsWith(upper) || id.endsWith(upper));
}

export function candidate({ request: { id, letters, name, tool, settlement } }: Asked): string {
  const state = settlement.state === "open" ? "" : `, ${settlement.state}`;
  return `${letters}  ${id}  ${line(name)}: ${line(tool)}${state}`;
}

/** Open requests that ask for the very same call as one of these, these included. Of a preview the rest may say anything. */
export function alike(some: readonly Asked[], list: readonly Asked[]): readonly Asked[] {
  const isSame = (a: Asked, b: Asked) =>
    a === b ||
    (a.request.tool === b.request.tool &&
      a.request.input === b.request.input &&
      wholeInput(a.request.input) !== null);
  return list.filter((one) => some.some((other) => isSame(one, other)));
}
