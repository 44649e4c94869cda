/** How texts lie in a terminal's columns, where wide letters take two places and some none. */
const letters = new Intl.Segmenter();

/** A text and the blanks that fill a column behind it. Wide letters take two places. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
}

export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => Bun.stringWidth(text)));
}

/** As much of a line as fits, and a sign that there is more. */
export function cut(text: string, width: number): string {
  if (width <= 0) return "";
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

/**
 * Lays a text out in lines that all fit, none longer than the columns: between words where there are some,
 * within a word that is longer than a line. Blanks at the beginning of the text stay.
 */
export function fold(text: string, columns: number): readonly string[] {
  const room = Math.max(2, columns); // a wide letter takes two places
  const lines: string[] = [];
  let kept = "";
  let places = 0;
  const end = () => {
    lines.push(kept);
    kept = "";
    places = 0;
  };
  for (const [i, word] of text.replaceAll("\t", "    ").split(" ").entries()) {
    const width = Bun.stringWidth(word);
    const blank = i === 0 ? 0 : 1;
    if (places + blank + width <= room) {
      kept += (blank ? " " : "") + word;
      places += blank + width;
      continue;
    }
    // A long word begins where there is some room left for it: a text without blanks fills its lines.
    if (places > 0 && (width <= room || places + blank + 2 > room)) end();
    else if (blank && places > 0) {
      kept += " ";
      places += 1;
    }
    if (width <= room) {
      kept = word;
      places = width;
      continue;
    }
    for (const { segment } of letters.segment(word)) {
      const wide = Bun.stringWidth(segment);
      if (places + wide > room) end();
      kept += segment;
      places += wide;
    }
  }
  end();
  return lines;
}
