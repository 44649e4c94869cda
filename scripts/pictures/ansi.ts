// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is looked for here

/** What `tmux capture-pane -e` gives, as runs of text in one style. */

export interface Style {
  /** `#rrggbb`, or null for the terminal's own. */
  readonly ink: string | null;
  readonly paper: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface Run {
  readonly text: string;
  /** First column, from 0. */
  readonly column: number;
  /** Columns it takes. */
  readonly width: number;
  readonly style: Style;
}

export const plain: Style = {
  ink: null,
  paper: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

const pieces =
  /\u001b\[([0-9;:]*)m|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[()][A-Z0-9]|([^\u001b]+)/g;

/** A screen's lines. A style holds on over the end of a line, as in the terminal. */
export function parse(screen: string): readonly (readonly Run[])[] {
  let style = plain;
  return screen.split("\n").map((line) => {
    const runs: Run[] = [];
    let column = 0;
    for (const [, codes, text] of line.matchAll(pieces)) {
      if (codes !== undefined) style = restyle(style, codes);
      if (text === undefined) continue;
      const width = Bun.stringWidth(text);
      runs.push({ text, column, width, style });
      column += width;
    }
    return runs;
  });
}

function restyle(before: Style, text: string): Style {
  const codes = text.split(/[;:]/).map(Number);
  let style: Style = before;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(i + 1));
      style = { ...style, [code === 38 ? "ink" : "paper"]: colour };
      i += used;
    } else style = simple(style, code);
  }
  return style;
}

function simple(style: Style, code: number): Style {
  if (code >= 30 && code <= 37) return { ...style, ink: palette[code - 30] ?? null };
  if (code >= 40 && code <= 47) return { ...style, paper: palette[code - 40] ?? null };
  if (code >= 90 && code <= 97) return { ...style, ink: palette[code - 82] ?? null };
  if (code >= 100 && code <= 107) return { ...style, paper: palette[code - 92] ?? null };
  switch (code) {
    case 0:
      return plain;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    case 4:
      return { ...style, underline: true };
    case 7:
      return { ...style, inverse: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 23:
      return { ...style, italic: false };
    case 24:
      return { ...style, underline: false };
    case 27:
      return { ...style, inverse: false };
    case 39:
      return { ...style, ink: null };
    case 49:
      return { ...style, paper: null };
    default:
      return style;
  }
}

/** `5;N` or `2;R;G;B`. @returns the colour, and how many numbers it took. */
function extended([kind, a = 0, b = 0, c = 0]: readonly number[]): readonly [string | null, number] {
  if (kind === 5) return [indexed(a), 2];
  return kind === 2 ? [hex([a, b, c]), 4] : [null, 0];
}

function indexed(index: number): string | null {
  if (index < 16) return palette[index] ?? null;
  if (index >= 232) return hex(Array(3).fill(8 + 10 * (index - 232)));
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  return hex([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level));
}

function hex(parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The sixteen that a program names by number; each legible on the paper of svg.ts. */
export const palette: readonly string[] = [
  "#3b4252",
  "#e5707b",
  "#8fc47a",
  "#e0b45c",
  "#74a8e8",
  "#c796dd",
  "#6fc3c9",
  "#cfd3da",
  "#7b8494",
  "#f08a93",
  "#a6d894",
  "#f0c876",
  "#93bff2",
  "#d8aeea",
  "#8ed8dd",
  "#f2f4f7",
];
