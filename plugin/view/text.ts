import { neutralise, neutraliseLine } from "../core/neutral.ts";

/** The few inks of the view, each with a meaning: see docs of `inkOf…` where they are chosen. */
export type Ink = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "title" | "chosen";

export interface Span {
  readonly text: string;
  readonly ink?: Ink | undefined;
}

/** One row of the screen. */
export type Line = readonly Span[];

const letters = new Intl.Segmenter();

export function widthOf(text: string): number {
  return Bun.stringWidth(text);
}

export function widthOfLine(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** As much of a text as fits, and a sign that there is more. Wide letters take two places. */
export function cut(text: string, width: number): string {
  if (width <= 0) return "";
  // A letter takes a place, or is as good as nothing: no more than these are looked at.
  const some = text.length > 8 * width + 64 ? text.slice(0, 8 * width + 64) : text;
  if (widthOf(some) <= width && some.length === text.length) return text;
  let kept = "";
  let places = 1; // of the sign
  for (const { segment } of letters.segment(some)) {
    places += widthOf(segment);
    if (places > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Exactly so wide: cut, or filled with blanks. */
export function fitted(text: string, width: number): string {
  const kept = cut(text, width);
  return kept + " ".repeat(Math.max(0, width - widthOf(kept)));
}

/** A line of at most this width. */
export function fitLine(line: Line, width: number): Line {
  if (widthOfLine(line) <= width) return line;
  const kept: Span[] = [];
  let room = width;
  for (const span of line) {
    const wide = widthOf(span.text);
    const isLast = wide >= room;
    kept.push(isLast ? { ...span, text: cut(`${span.text} `, room) } : span);
    if (isLast) break;
    room -= wide;
  }
  return kept;
}

// More of a text than this is never on one row.
const mostOfRow = 2_000;

/** Foreign text in one row, in which the end of a line can be seen. */
export function inRow(text: string): string {
  const some = text.trim().slice(0, mostOfRow);
  return neutraliseLine(some.replace(/\s*(?:\r\n?|[\n\u0085\u2028\u2029])\s*/g, " ⏎ "));
}

/** Foreign text in rows of this width, broken between words where that is possible. */
export function inRows(text: string, width: number): readonly string[] {
  return neutralise(text)
    .replaceAll("\t", "    ")
    .split("\n")
    .flatMap((line) => broken(line, Math.max(1, width)));
}

function broken(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const rows: string[] = [];
  let row = "";
  let places = 0;
  const end = () => {
    rows.push(row);
    row = "";
    places = 0;
  };
  for (const part of line.split(/(?<=\s)(?=\S)/u)) {
    const wide = widthOf(part.trimEnd());
    if (places > 0 && places + wide > width) end();
    if (wide <= width) {
      row += part;
      places += widthOf(part);
      continue;
    }
    for (const { segment } of letters.segment(part)) {
      const one = widthOf(segment);
      if (places > 0 && places + one > width) end();
      row += segment;
      places += one;
    }
  }
  rows.push(row);
  return rows.map((one) => one.trimEnd());
}
