import { DmError, isDmError } from "../../core/errors.ts";
import type { Keys } from "../../core/keys.ts";
import type { Behavior } from "../../core/permission.ts";
import { userKeys } from "../../host/userkey.ts";
import { type Answer, findRequest, give } from "../../policy/decide.ts";
import type { Terminal } from "../command.ts";
import { doubt } from "../person.ts";
import type { Store } from "../store.ts";
import { line } from "../terminal/plain.ts";
import { type Fate, fateOf } from "./fate.ts";
import { type Asked, find, names, requestsOf } from "./requests.ts";

const mostOnRecord = 20;

/**
 * Why this process may not answer for the person, or null. Then nothing is decided, and that somebody
 * tried is on record.
 */
export async function guard(
  { pid, keyboard }: Pick<Terminal, "pid" | "keyboard">,
  { bus, clock, place }: Store,
  words: readonly string[],
  behavior: Behavior,
): Promise<string | null> {
  const why = await doubt({ bus, place, pid, keyboard });
  if (why === null) return null;
  const open = await bus.requests("open");
  for (const word of words.slice(0, mostOnRecord)) {
    const meant = open.find((one) => names(word, one));
    const request = meant?.id ?? word.toUpperCase().slice(0, 26);
    const detail = `${behavior}: not taken for the user, ${why}`;
    await bus.audit({ at: clock.now(), request, kind: "refused", who: "cc-dm command", detail });
  }
  return why;
}

export function refusalText(why: string): string {
  return `refused: only you decide as the user, and this may be a program: ${line(why)}. Nothing was decided; the attempt is on record (cc-dm audit). Run it yourself, in a terminal that you opened and no session did.`;
}

/**
 * Answers all of these as the person, or none; for whom `guard` has no doubt.
 *
 * @throws DmError `not_asked` if one was put to another key.
 */
export async function answerAll(
  store: Store,
  chosen: readonly Asked[],
  answer: Answer,
): Promise<readonly Fate[]> {
  const keys = userKeys(store.home.folder);
  for (const one of chosen) await mayDecide(store, keys, one);
  return Promise.all(chosen.map((one) => answerOne(store, keys, one, answer)));
}

/** The open requests that these words mean. @throws DmError as `find`, and `settled`, for one that is open no more. */
export async function findOpen(store: Store, words: readonly string[], list: readonly Asked[]) {
  const isNamed = (word: string) => (one: Asked) => names(word.trim(), one.request);
  const missing = words.filter((word) => !list.some(isNamed(word)));
  const all = missing.length === 0 ? [] : (await requestsOf(store, "all")).list;
  for (const word of missing) {
    const ended = all.filter(isNamed(word)).at(-1);
    if (ended !== undefined) throw over(ended);
  }
  return find(words, list);
}

function over({ request }: Asked): DmError {
  const { state, by, behavior } = request.settlement;
  const how = behavior === null ? state : behavior === "allow" ? "allowed" : "denied";
  const what =
    state === "open"
      ? "waits no more: its session is gone"
      : `is settled: ${how}${by === null ? "" : ` by ${line(by)}`}`;
  return new DmError(
    "settled",
    `The request ${request.letters} (${request.id}) ${what}. Nothing was decided.`,
  );
}

async function mayDecide({ bus }: Store, keys: Keys, { request }: Asked): Promise<void> {
  try {
    await findRequest(bus, keys.id, request.id);
  } catch (error) {
    if (!isDmError(error) || error.code !== "not_asked") throw error;
    throw new DmError(
      "not_asked",
      `The request ${request.letters} was put to another key than that in user.key: the file was replaced since "${line(request.name)}" asked. Answer at its own dialog. Nothing was decided.`,
    );
  }
}

async function answerOne(store: Store, keys: Keys, one: Asked, answer: Answer): Promise<Fate> {
  const verdict = await give({ bus: store.bus, clock: store.clock, keys, name: "user" }, one.request, answer);
  return fateOf(store, one, verdict);
}
