interface Cell {
  readonly width: number;
  readonly height: number;
}

/** Where from the middle of the cell each sign goes: up, right, down, left; `o`: with round corners. */
const arms: Readonly<Record<string, string>> = {
  "─": "rl",
  "━": "rl",
  "╌": "rl",
  "┄": "rl",
  "│": "ud",
  "┃": "ud",
  "┌": "rd",
  "┐": "ld",
  "└": "ur",
  "┘": "ul",
  "╭": "rdo",
  "╮": "ldo",
  "╰": "uro",
  "╯": "ulo",
  "├": "udr",
  "┤": "udl",
  "┬": "rld",
  "┴": "rlu",
  "┼": "udrl",
  // Not lines, but signs of the client that many monospace fonts lack.
  "⎿": "ur",
  "⏸": "p",
};

/** Draws signs that are lines, or null if one of them is another sign. */
export function strokes(text: string): ((x: number, y: number, cell: Cell) => string) | null {
  const signs = [...text];
  if (signs.some((sign) => arms[sign] === undefined)) return null;
  return (x, y, cell) =>
    signs.map((sign, i) => stroke(arms[sign] ?? "", x + i * cell.width, y, cell)).join("");
}

function stroke(to: string, x: number, y: number, { width, height }: Cell): string {
  const [middle, centre] = [x + width / 2, y + height / 2];
  const ends: Readonly<Record<string, string>> = {
    u: `${at(middle)} ${at(y)}`,
    r: `${at(x + width)} ${at(centre)}`,
    d: `${at(middle)} ${at(y + height)}`,
    l: `${at(x)} ${at(centre)}`,
  };
  if (to === "p") {
    const bars = [x + 0.3 * width, x + 0.7 * width];
    return bars.map((bar) => `M${at(bar)} ${at(y + 0.3 * height)}V${at(y + 0.7 * height)}`).join("");
  }
  const heart = `${at(middle)} ${at(centre)}`;
  const [first = "", second = ""] = to;
  if (to.endsWith("o")) return `M${ends[first]}Q${heart} ${ends[second]}`;
  return [...to].map((arm) => `M${heart}L${ends[arm]}`).join("");
}

function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}
