import { DmError, isDmError } from "../../core/errors.ts";
import type { Keys } from "../../core/keys.ts";
import type { Behavior } from "../../core/permission.ts";
import { userKeys } from "../../host/userkey.ts";
import { type Answer, findRequest, give } from "../../policy/decide.ts";
import { command, refusedExit, type Terminal, Usage } from "../command.ts";
import { doubt } from "../person.ts";
import { type Store, withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { pad, paint, widest } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { type Fate, fateOf, fateText } from "./fate.ts";
import { forgedText } from "./listing.ts";
import { type Asked, alike, find, names, requestsOf } from "./requests.ts";

const operands = "ID...";
const notDone = 1;
const longestReason = 500;
const mostOnRecord = 20;

const same = {
  type: "boolean",
  about: "Every open request for the very same call too: same tool, same input",
} as const;
const asJson = { type: "boolean", about: "One JSON object instead of text" } as const;
const details = `An ID is a request's five letters, its id, or at least six characters of one end of it (cc-dm approvals).
You decide as yourself, so this needs a terminal of yours: run by a session's shell, without a terminal, or
cut loose from one, it is refused, and that is put on record.
Exit code: 0 every answer was taken, 1 one came too late or was not taken, 3 nothing was decided, 77 refused.`;

export const approve = command({
  details,
  operands,
  options: {
    same,
    remember: { type: "boolean", about: "Allow the same call of that session from now on, until it ends" },
    json: asJson,
  },
  examples: [
    ["cc-dm approve kxqpa", "the request with these letters"],
    ["cc-dm approve kxqpa --same", "it, and whoever else asks for the same"],
  ],
  run: (terminal, { options, operands: words }) =>
    decide(terminal, words, {
      answer: { behavior: "allow", reason: null, remember: options.remember === true },
      same: options.same === true,
      forScript: options.json === true,
    }),
});

export const deny = command({
  details,
  operands,
  options: {
    reason: { type: "string", short: "r", value: "TEXT", about: "The session's model reads it" },
    same,
    json: asJson,
  },
  examples: [
    ['cc-dm deny kxqpa --reason "use the staging key"', "so that the model knows what to do instead"],
  ],
  run(terminal, { options, operands: words }) {
    const reason = options.reason?.trim() || null;
    if (reason !== null && [...reason].length > longestReason)
      throw new Usage(`A reason has at most ${longestReason} characters.`);
    return decide(terminal, words, {
      answer: { behavior: "deny", reason: reason?.toWellFormed() ?? null, remember: false },
      same: options.same === true,
      forScript: options.json === true,
    });
  },
});

interface Wish {
  readonly answer: Answer;
  readonly same: boolean;
  readonly forScript: boolean;
}

function decide(terminal: Terminal, words: readonly string[], wish: Wish): Promise<number> {
  const name = wish.answer.behavior === "allow" ? "approve" : "deny";
  if (words.length === 0) throw new Usage(`${name} needs an ID; cc-dm approvals lists what waits.`);
  return withStore(terminal, (store) => decideOn(terminal, store, words, wish));
}

async function decideOn(
  terminal: Terminal,
  store: Store,
  words: readonly string[],
  wish: Wish,
): Promise<number> {
  const { behavior } = wish.answer;
  const why = await guard(terminal, store, words, behavior);
  if (why !== null) {
    terminal.err(`cc-dm: ${refusalText(why)}\n`);
    return refusedExit;
  }

  const { list, forged } = await requestsOf(store, "open");
  if (forged > 0) terminal.err(`cc-dm: ${forgedText(forged)}\n`);
  const named = await findOpen(store, words, list);
  const chosen = wish.same ? alike(named, list) : named;
  const fates = await answerAll(store, chosen, wish.answer);
  if (wish.forScript) terminal.out(envelope(terminal, { verdict: behavior, results: resultsOf(fates) }));
  else terminal.out(text(terminal, behavior, fates));
  return fates.every(({ taken }) => taken) ? 0 : notDone;
}

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

/** @throws DmError also `settled`, for one that is open no more. */
async function findOpen(store: Store, words: readonly string[], list: readonly Asked[]) {
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

function text(terminal: Terminal, behavior: Behavior, fates: readonly Fate[]): string {
  const who = fates.map(({ asked: { request } }) => `${line(request.name)}: ${line(request.tool)}`);
  const width = widest(who);
  return fates
    .map((fate, i) => {
      const ink = !fate.taken ? "yellow" : behavior === "allow" ? "green" : "red";
      return `${fate.asked.request.letters}  ${pad(who[i] ?? "", width)}  ${paint(terminal, ink, fateText(fate, behavior))}\n`;
    })
    .join("");
}

function resultsOf(fates: readonly Fate[]) {
  return fates.map(({ asked: { request }, state, taken, by, why }) => ({
    request_id: request.id,
    letters: request.letters,
    from: request.name,
    tool: request.tool,
    state,
    taken,
    by,
    why,
  }));
}
