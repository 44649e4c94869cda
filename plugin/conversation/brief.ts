import type { Veil } from "./read.ts";
import type { Event, Turn } from "./turn.ts";

/** A text, and how much of it was left out. */
export interface Piece {
  readonly text: string;
  /** Characters that follow and are not shown. */
  readonly left: number;
}

/** As much of a text as goes into so many bytes of UTF-8: what a model pays for, whatever the script. */
export function cutTo(text: string, bytes: number): Piece {
  // No character has more than three bytes for each of its one or two places.
  if (text.length * 3 <= bytes) return { text, left: 0 };
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, bytes)));
  return { text: text.slice(0, read).toWellFormed(), left: text.length - read };
}

/** A turn in short: what was asked, what was answered in the end, what was done meanwhile. */
export interface Brief {
  readonly prompt: Piece;
  readonly answer: Piece;
  /** A line each. */
  readonly tools: readonly string[];
  /** Of tools that are not listed. */
  readonly moreTools: number;
  /** Said by the client: that it was broken off, or compacted. */
  readonly notes: readonly string[];
}

const mostTools = 12;
const toolLine = 160;
const noteLine = 200;

export function brief({ prompt, events }: Turn, bytes: number, veil: Veil): Brief {
  const answers = events.flatMap((event) => (event.kind === "answer" ? event.text : []));
  const tools = events.filter((event) => event.kind === "tool");
  const notes = events.flatMap((event) => (event.kind === "note" ? event.text : []));
  const last = answers.at(-1) ?? "";
  const all = veil(answers.join("\n\n"));
  const room = Math.floor(bytes / 2);
  return {
    prompt: cutTo(veil(prompt.text), Math.floor(bytes / 4)),
    // The end of what was said is what counts.
    answer: all.length * 3 <= room || answers.length < 2 ? cutTo(all, room) : cutTo(veil(last), room),
    tools: tools.slice(0, mostTools).map((tool) => toolIn(tool, veil)),
    moreTools: Math.max(0, tools.length - mostTools),
    notes: notes.map((note) => oneLine(veil(note), noteLine)),
  };
}

function toolIn({ name, input, result }: Extract<Event, { kind: "tool" }>, veil: Veil): string {
  // What it acts on stands first: a command, a file. Its name would say nothing new.
  const subject = veil(input).replace(/^[\w-]{1,40}: /, "");
  const how = result === null ? " (no result)" : result.failed ? " (failed)" : "";
  return `${oneLine(name, 80)}: ${oneLine(subject, toolLine)}${how}`;
}

export function oneLine(text: string, most: number): string {
  const some = text
    .slice(0, most * 4)
    .replace(/\s+/g, " ")
    .trim();
  return some.length > most || text.length > most * 4 ? `${some.slice(0, most).toWellFormed()}…` : some;
}

/** Texts that together go into so many bytes: short ones whole, long ones cut to the same length. */
export function share(texts: readonly string[], bytes: number): readonly Piece[] {
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const sorted = [...sizes].sort((a, b) => a - b);
  let [room, cap] = [bytes, Number.POSITIVE_INFINITY];
  for (const [i, size] of sorted.entries()) {
    const each = room / (sorted.length - i);
    if (size > each) {
      cap = Math.floor(each);
      break;
    }
    room -= size;
  }
  return texts.map((text, i) => ((sizes[i] ?? 0) <= cap ? { text, left: 0 } : cutTo(text, cap)));
}
