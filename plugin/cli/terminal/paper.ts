import { cut } from "../../core/width.ts";

export { cut, fold, pad, widest } from "../../core/width.ts";

/** What is written on: a terminal with colours, or a file without. */
export interface Paper {
  readonly columns: number;
  readonly colour: boolean;
}

const codes = { bold: 1, found: 7, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Ink = keyof typeof codes;

export function paint({ colour }: Paper, ink: Ink, text: string): string {
  return colour ? `\u001b[${codes[ink]}m${text}\u001b[0m` : text;
}

/** The first lines of a text, each cut to the columns, with a sign where there is more. */
export function firstLines(text: string, columns: number, most: number): readonly string[] {
  const lines = wrap(text, columns);
  const shown = lines.slice(0, most).map((one) => cut(one, columns));
  return lines.length > most ? [...shown.slice(0, -1), cut(`${shown.at(-1)} …`, columns)] : shown;
}

const least = 20;

/** Breaks a text between words; a word that is longer than a line stays whole, so that it can be copied. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || Bun.stringWidth(longer) > Math.max(least, columns)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
