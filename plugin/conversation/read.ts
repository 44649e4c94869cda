import { removeControls } from "../core/neutral.ts";
import { branchTo, type Stretch, turnsOn } from "./branch.ts";
import { type Finder, finder, passagesOf } from "./find.ts";
import { mask } from "./mask.ts";
import { lineFrom, promptsIn, recordsOf, type Source, type Step } from "./outline.ts";
import { parseRecord } from "./record.ts";
import { type Turn, turnOf } from "./turn.ts";

/** How a text is given: with secrets masked, or as it is. */
export type Veil = (text: string) => string;
/** A colour in the midst of a value would hide it from the patterns, and be gone for the reader. */
export const masked: Veil = (text) => mask(removeControls(text));

// Most conversations fit into the first; a large one is read from its end until there is enough.
const windows = [4, 16, 64, 256].map((mb) => mb * 1024 * 1024);
// Of one turn, in memory at once; nobody reads more.
const longestTurn = 32 * 1024 * 1024;

export interface Part {
  readonly turns: readonly Turn[];
  /** Bytes at the beginning of the file that were not looked at. */
  readonly unread: number;
}

/** The newest turns of the conversation as it stands, oldest first. */
export async function lastTurns(source: Source, count: number): Promise<Part> {
  for (const window of windows) {
    const from = await lineFrom(source, source.size - window);
    const steps = await stepsFrom(source, from);
    const stretches = current(steps, 0);
    const enough = stretches.length >= count || from === 0 || window === windows.at(-1);
    if (!enough) continue;
    const before = await promptsIn(source, 0, from);
    const chosen = stretches.slice(-count).map((one) => ({ ...one, number: one.number + before }));
    return { turns: await layOut(source, chosen), unread: stretches.length >= count ? 0 : from };
  }
  return { turns: [], unread: 0 };
}

export interface OneTurn {
  readonly turn: Turn;
  /** It was taken back: the conversation does not go on from it. */
  readonly abandoned: boolean;
}

/** One turn by its number, also one that was taken back; or how many there are. */
export async function oneTurn(source: Source, number: number): Promise<OneTurn | { readonly of: number }> {
  let count = 0;
  const steps: Step[] = [];
  for await (const { step } of recordsOf(source, 0)) {
    if (step.prompt) count++;
    if (count >= number) steps.push(step);
  }
  const [prompt] = steps;
  if (prompt === undefined) return { of: count };
  const on = current(steps, number - 1).find((one) => one.number === number);
  // The last that was said on its own branch.
  const stretch = on ?? stretchOf(prompt, steps, number);
  const [turn] = await layOut(source, [stretch]);
  return turn === undefined ? { of: count } : { turn, abandoned: on === undefined };
}

function stretchOf(prompt: Step, steps: readonly Step[], number: number): Stretch {
  const below = new Set([prompt.uuid]);
  const own = steps.filter((step) => {
    if (step !== prompt && (step.prompt || step.parent === null || !below.has(step.parent))) return false;
    below.add(step.uuid);
    return true;
  });
  return { number, steps: own };
}

export interface Hit {
  readonly turn: number;
  readonly at: Turn["at"];
  readonly of: string;
  readonly text: string;
}

export interface Hits {
  /** Newest first. */
  readonly hits: readonly Hit[];
  /** Older turns were not looked at, because there were enough. */
  readonly more: boolean;
  readonly unread: number;
}

// Of one turn; all of it is to be had by its number.
const mostPerTurn = 3;

/**
 * Texts of the conversation in which all words of a query stand, newest first. Looked for in what the
 * reader would be given: a masked secret is not found by its letters.
 *
 * @throws TypeError for a query without words.
 */
export async function search(
  source: Source,
  { query, limit, veil }: { readonly query: string; readonly limit: number; readonly veil: Veil },
): Promise<Hits> {
  const look = finder(query);
  if (look === null) throw new TypeError("a query needs a word");
  const from = await lineFrom(source, source.size - (windows.at(-1) as number));
  const steps = await stepsFrom(source, from);
  const before = await promptsIn(source, 0, from);
  const stretches = current(steps, before).reverse();
  const hits: Hit[] = [];
  for (const stretch of stretches) {
    if (hits.length >= limit) return { hits, more: true, unread: from };
    const [turn] = await layOut(source, [stretch]);
    if (turn !== undefined) hits.push(...hitsIn(turn, look, veil));
  }
  return { hits, more: false, unread: from };
}

function hitsIn(turn: Turn, look: Finder, veil: Veil): readonly Hit[] {
  const hits: Hit[] = [];
  for (const { of, text } of passagesOf(turn)) {
    // Few texts have the words at all; only those are worth masking.
    const around = look.maybe(text) || text.includes("\u001b") ? look.around(veil(text)) : null;
    if (around !== null) hits.push({ turn: turn.number, at: turn.at, of, text: around });
    if (hits.length >= mostPerTurn) break;
  }
  return hits;
}

async function stepsFrom(source: Source, from: number): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for await (const { step } of recordsOf(source, from)) steps.push(step);
  return steps;
}

/** The client goes on from what it wrote last. */
function current(steps: readonly Step[], before: number): Stretch[] {
  const leaf = steps.at(-1);
  return leaf === undefined ? [] : turnsOn(branchTo(leaf.uuid, steps), steps, before);
}

async function layOut(source: Source, stretches: readonly Stretch[]): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const { number, steps } of stretches) {
    const records = [];
    let room = longestTurn;
    for (const { from, to } of steps) {
      room -= to - from;
      if (room < 0) break;
      const record = parseRecord(Buffer.from(await source.read(from, to)).toString("utf8"));
      if (record !== null) records.push(record);
    }
    const turn = turnOf(number, records);
    if (turn !== null) turns.push(room < 0 ? { ...turn, events: [...turn.events, tooLong] } : turn);
  }
  return turns;
}

const tooLong = { kind: "note", text: "This turn is too long: the rest of it was not read." } as const;
