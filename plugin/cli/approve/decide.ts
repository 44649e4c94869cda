import type { Behavior } from "../../core/permission.ts";
import type { Answer } from "../../policy/decide.ts";
import { command, refusedExit, type Terminal, Usage } from "../command.ts";
import { type Store, withStore } from "../store.ts";
import { envelope } from "../terminal/envelope.ts";
import { pad, paint, widest } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { answerAll, findOpen, guard, refusalText } from "./answer.ts";
import { type Fate, fateText } from "./fate.ts";
import { forgedText } from "./listing.ts";
import { alike, requestsOf } from "./requests.ts";

const operands = "ID...";
const notDone = 1;
const longestReason = 500;

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
