import type { Message } from "../../core/model.ts";
import { soughtBy } from "../../core/words.ts";
import { fold, type Paper, paint } from "../terminal/paper.ts";
import { line } from "../terminal/plain.ts";
import { indentOf } from "./entry.ts";

/** Where something stands in a text. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Words {
  /** Beginnings of words. */
  readonly begun: readonly string[];
  /** What stands anywhere. */
  readonly anywhere: readonly string[];
}

const word = /[\p{L}\p{M}\p{N}\p{Co}]+/gu;
/** As the index of words compares: without accents and capitals. */
function bare(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What to mark of a search; as bus/sqlite/text.ts looks for it. */
export function wordsOf(query: string): Words {
  const { words, literal } = soughtBy(query);
  return {
    begun: words.flatMap((one) => one.match(word) ?? []).map(bare),
    anywhere: literal.map((one) => one.toLowerCase()),
  };
}

function spansIn(text: string, { begun, anywhere }: Words): readonly Span[] {
  const spans: Span[] = [];
  for (const { 0: found, index } of text.matchAll(word))
    if (begun.some((one) => bare(found).startsWith(one)))
      spans.push({ from: index, to: index + found.length });
  const lower = text.toLowerCase();
  // Lower case may be longer than what it was made of; then nothing is marked rather than the wrong thing.
  if (lower.length === text.length)
    for (const one of anywhere)
      for (let at = lower.indexOf(one); at >= 0; at = lower.indexOf(one, at + one.length))
        spans.push({ from: at, to: at + one.length });
  return spans.sort((a, b) => a.from - b.from);
}

const mostLines = 3;

/** The lines of a text around the first of the words, and the words in them marked. */
export function hitsIn({ body }: Pick<Message, "body">, words: Words, paper: Paper): readonly string[] {
  const indent = indentOf(paper);
  const lines = fold(line(body), paper.columns - indent);
  const marked = lines.map((text) => spansIn(text, words));
  const first = Math.max(0, marked.findIndex((spans) => spans.length > 0) - 1);
  const shown = lines
    .slice(first, first + mostLines)
    .map((text, i) => mark(text, marked[first + i] ?? [], paper));
  const others = marked.slice(first + mostLines).reduce((sum, spans) => sum + spans.length, 0);
  if (others > 0) shown.push(paint(paper, "dim", `… ${others} more below`));
  return shown.map(
    (text, i) =>
      `${" ".repeat(indent - (i === 0 && first > 0 ? 2 : 0))}${i === 0 && first > 0 ? "… " : ""}${text}`,
  );
}

function mark(text: string, spans: readonly Span[], paper: Paper): string {
  let at = 0;
  let out = "";
  for (const { from, to } of spans) {
    if (from < at) continue; // they overlap
    out += text.slice(at, from) + paint(paper, "found", text.slice(from, to));
    at = to;
  }
  return out + text.slice(at);
}
