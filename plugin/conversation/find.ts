import type { Event, Turn } from "./turn.ts";

/** A text of a turn in which something can be found. */
export interface Passage {
  /** `person`, `answer`, `Bash`, `result of Bash`: whose text it is. */
  readonly of: string;
  readonly text: string;
}

/** Whether all words stand in a text, and what stands around the first of them. */
export interface Finder {
  /** Quick, and never false for a text in which `around` finds something. */
  maybe(text: string): boolean;
  /** Null: not all of it stands there. */
  around(text: string): string | null;
}

const mostWords = 16;
const before = 120;
const behind = 360;

/**
 * Looks for all words of a query in one text, in any order and case; what stands in quotation marks is
 * one word. Plain words, no pattern: each is one walk over the text, whatever it is.
 *
 * @returns null for a query without a word.
 */
export function finder(query: string): Finder | null {
  const words = [...query.matchAll(/"([^"]+)"|([^\s"]+)/g)]
    .map(([, phrase, word]) => fold((phrase ?? word ?? "").trim()))
    .filter((word) => word !== "")
    .slice(0, mostWords);
  if (words.length === 0) return null;
  const maybe = (text: string) => {
    const folded = fold(text);
    return words.every((word) => folded.includes(word));
  };
  return {
    maybe,
    around(text) {
      if (!maybe(text)) return null;
      const at = fold(text).indexOf(words[0] as string);
      const [from, to] = [Math.max(0, at - before), Math.min(text.length, at + behind)];
      const cut = text.slice(from, to).toWellFormed();
      return `${from > 0 ? "… " : ""}${cut.trim()}${to < text.length ? " …" : ""}`;
    },
  };
}

/** In lower case, and every letter still at its place: a few become two in lower case, and stay as they are. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  return (lower.length === text.length ? lower : eachFolded(text)).replaceAll("ς", "σ"); // by where it stands in a word
}

function eachFolded(text: string): string {
  return text
    .replace(/\P{ASCII}/gu, (one) => {
      const small = one.toLowerCase();
      return small.length === one.length ? small : one;
    })
    .replace(/[A-Z]+/g, (some) => some.toLowerCase());
}

export function passagesOf({ prompt, events }: Turn): readonly Passage[] {
  return [{ of: prompt.by, text: prompt.text }, ...events.flatMap(passages)];
}

function passages(event: Event): readonly Passage[] {
  switch (event.kind) {
    case "tool": {
      const call = { of: event.name, text: event.input };
      return event.result === null
        ? [call]
        : [call, { of: `result of ${event.name}`, text: event.result.text }];
    }
    case "given":
      return [{ of: event.by, text: event.text }];
    default:
      return [{ of: event.kind, text: event.text }];
  }
}
