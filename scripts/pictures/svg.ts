/** Terminal windows as one SVG: text that can be selected, on a grid that holds with any monospace font. */
import { parse, type Run, type Style } from "./ansi.ts";
import { strokes } from "./box.ts";

export interface Window {
  readonly title: string;
  /** As `tmux capture-pane -e` gives it. */
  readonly screen: string;
  readonly columns: number;
  readonly rows: number;
}

// A letter of 14 px in a monospace font is about 8.4 px wide; each run is stretched to the grid anyway.
const size = 14;
const cell = { width: 8.4, height: 18 } as const;
const padding = 14;
const bar = 30;
const gap = 20;
// A paper of its own: legible on a light page as on a dark one.
const paper = "#1d2129";
const ink = "#dfe2e7";
const frame = "#4a5261";
const barPaper = "#2a303b";

/** Windows side by side, or one above the other. @param about what is to be seen, for those who cannot. */
export function svg(
  windows: readonly Window[],
  about: string,
  layout: "beside" | "below" = "beside",
): string {
  let at = { x: 0, y: 0 };
  let width = 0;
  let height = 0;
  const drawn: string[] = [];
  for (const window of windows) {
    const box = extent(window);
    drawn.push(drawWindow(window, box, at));
    width = Math.max(width, at.x + box.width);
    height = Math.max(height, at.y + box.height);
    at = layout === "beside" ? { x: at.x + box.width + gap, y: 0 } : { x: 0, y: at.y + box.height + gap };
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-label="${escaped(about)}">
<title>${escaped(about)}</title>
<style>text{font-family:ui-monospace,"SF Mono",Menlo,"DejaVu Sans Mono","Liberation Mono",Consolas,monospace;font-size:${size}px;fill:${ink};white-space:pre}.b{font-weight:700}.i{font-style:italic}.u{text-decoration:underline}.d{opacity:.62}.t{fill:#aab1bd}.n{fill-opacity:0}</style>
${drawn.join("\n")}
</svg>
`;
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

function extent({ columns, rows }: Window): Extent {
  return { width: columns * cell.width + 2 * padding, height: bar + rows * cell.height + 2 * padding };
}

function drawWindow(
  { title, screen, rows }: Window,
  { width, height }: Extent,
  at: { x: number; y: number },
): string {
  const lines = parse(screen).slice(0, rows);
  const body = lines.flatMap((runs, row) => runs.flatMap((run) => drawRun(run, row)));
  return `<g transform="translate(${round(at.x)} ${round(at.y)})">
<rect x=".5" y=".5" width="${round(width - 1)}" height="${round(height - 1)}" rx="8" fill="${paper}" stroke="${frame}"/>
<path d="M.5 ${bar}V8.5a8 8 0 0 1 8-8H${round(width - 8.5)}a8 8 0 0 1 8 8V${bar}z" fill="${barPaper}" stroke="${frame}"/>
<text class="t" x="${round(width / 2)}" y="20" text-anchor="middle">${escaped(title)}</text>
<g transform="translate(${padding} ${bar + padding})">
${body.join("\n")}
</g>
</g>`;
}

function drawRun({ text, column, width, style }: Run, row: number): readonly string[] {
  const back = style.inverse ? (style.ink ?? ink) : style.paper;
  const front = style.inverse ? (style.paper ?? paper) : style.ink;
  const y = row * cell.height;
  const ground =
    back === null
      ? []
      : [
          `<rect x="${round(column * cell.width)}" y="${round(y)}" width="${round(width * cell.width)}" height="${cell.height}" fill="${back}"/>`,
        ];
  return [...ground, ...split(text).flatMap((part) => drawPart(part, { column, y, style, front }))];
}

interface Drawing {
  readonly column: number;
  readonly y: number;
  readonly style: Style;
  readonly front: string | null;
}

function drawPart({ part, from, lines }: Part, { column, y, style, front }: Drawing): readonly string[] {
  const classes = [
    ...(style.bold ? ["b"] : []),
    ...(style.italic ? ["i"] : []),
    ...(style.underline ? ["u"] : []),
    ...(style.dim ? ["d"] : []),
  ];
  const left = (column + from) * cell.width;
  const drawn =
    lines === null
      ? []
      : [
          `<path${classed(classes)} d="${lines(left, y, cell)}" fill="none" stroke="${front ?? ink}" stroke-width="1.2"/>`,
        ];
  // Spaces at its ends would be stretched too, and are nothing to see.
  const shown = part.trim();
  if (shown === "") return drawn;
  const x = left + Bun.stringWidth(part.slice(0, part.indexOf(shown))) * cell.width;
  const place = `x="${round(x)}" y="${round(y + 13.5)}" textLength="${round(Bun.stringWidth(shown) * cell.width)}"`;
  const colour = front === null ? "" : ` style="fill:${front}"`;
  const looks = classed([...classes, ...(lines === null ? [] : ["n"])]);
  return [
    ...drawn,
    `<text${looks} ${place} lengthAdjust="spacingAndGlyphs"${colour}>${escaped(shown)}</text>`,
  ];
}

interface Part {
  readonly part: string;
  /** Columns before it. */
  readonly from: number;
  /** Its lines, if it is made of lines: fonts leave gaps between those of two rows. */
  readonly lines: ReturnType<typeof strokes>;
}

/** Text, and between it the signs that are lines; and gaps of spaces, so that a run is not stretched over them. */
function split(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const [part] of text.matchAll(/[\u2500-\u257f⎿⏸]+|(?:(?! {2})[^\u2500-\u257f⎿⏸])+| +/gu)) {
    parts.push({ part, from, lines: strokes(part) });
    from += Bun.stringWidth(part);
  }
  return parts;
}

function classed(classes: readonly string[]): string {
  return classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
