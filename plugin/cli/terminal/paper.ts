/** What is written on: a terminal with colours, or a file without. */
export interface Paper {
  readonly columns: number;
  readonly colour: boolean;
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Ink = keyof typeof codes;

export function paint({ colour }: Paper, ink: Ink, text: string): string {
  return colour ? `\u001b[${codes[ink]}m${text}\u001b[0m` : text;
}

/** A text and the blanks that fill a column behind it. Wide letters take two places. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
}

export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => Bun.stringWidth(text)));
}

const letters = new Intl.Segmenter();

/** As much of a line as fits, and a sign that there is more. */
export function cut(text: string, width: number): string {
  if (Bun.stringWidth(text) <= width) return text;
  let kept = "";
  let places = 1; // of the sign
  // A letter takes at least one place, or none and is as good as nothing: no more than these are looked at.
  for (const { segment } of letters.segment(text.slice(0, 8 * width + 64))) {
    places += Bun.stringWidth(segment);
    if (places > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

const least = 30;

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
