import { neutralise, neutraliseToLine } from "../core/neutral.ts";
import { cut, fold, pad } from "../core/width.ts";

/** The few inks of the view, each with a meaning: see docs of `inkOf…` where they are chosen. */
export type Ink = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "title" | "chosen";

export interface Span {
  readonly text: string;
  readonly ink?: Ink | undefined;
}

/** One row of the screen. */
export type Line = readonly Span[];

export function widthOf(text: string): number {
  return Bun.stringWidth(text);
}

export function widthOfLine(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** Exactly so wide: cut, or filled with blanks. */
export function fitted(text: string, width: number): string {
  return pad(cut(text, width), width);
}

/** Of a text that is too wide its end, and a sign that there was more. */
export function endOf(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const letters = [...text].slice(-width);
  while (widthOf(letters.join("")) >= width) letters.shift();
  return `…${letters.join("")}`;
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
  return neutraliseToLine(text.trim().slice(0, mostOfRow));
}

/** Foreign text in rows of this width, broken between words where that is possible. */
export function inRows(text: string, width: number): readonly string[] {
  return neutralise(text)
    .split("\n")
    .flatMap((line) => fold(line, width));
}
