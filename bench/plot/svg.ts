/** A picture's frame: its colours follow the reader's scheme, also where a page shows it as an image. */
const style = `
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.title{font-size:15px;font-weight:600}.quiet{fill:#59636e;font-size:12px}
.grid{stroke:#d1d9e0;stroke-width:1}
.s0{fill:#0969da}.s1{fill:#bc4c00}.s2{fill:#818b98}
path.s0{fill:none;stroke:#0969da}path.s1{fill:none;stroke:#bc4c00}path.s2{fill:none;stroke:#818b98}
path{stroke-width:2;stroke-linejoin:round}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}.quiet{fill:#9198a1}.grid{stroke:#3d444d}
.s0{fill:#4493f8}.s1{fill:#f0883e}.s2{fill:#9198a1}
path.s0{stroke:#4493f8}path.s1{stroke:#f0883e}path.s2{stroke:#9198a1}
}`;

export const width = 720;

/** How many series have a colour of their own. */
export const colours = 3;

export interface Picture {
  readonly title: string;
  readonly height: number;
  readonly parts: readonly string[];
}

export function svg({ title, height, parts }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style.replaceAll("\n", "")}</style>`,
    text({ x: 16, y: 26, words: title, class: "title" }),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

export interface Text {
  readonly x: number;
  readonly y: number;
  readonly words: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly class?: string;
}

export function text({ x, y, words, anchor = "start", class: name }: Text): string {
  const attributes = `${anchor === "start" ? "" : ` text-anchor="${anchor}"`}${name === undefined ? "" : ` class="${name}"`}`;
  return `<text x="${round(x)}" y="${round(y)}"${attributes}>${escaped(words)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="grid" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

/** Which colour is whose; right of the title's line, or below it. */
export function legend(labels: readonly string[], y: number): readonly string[] {
  let x = 16;
  return labels.flatMap((label, i) => {
    const parts = [
      `<rect class="s${i % colours}" x="${x}" y="${y - 10}" width="12" height="12" rx="2"/>`,
      text({ x: x + 18, y, words: label, class: "quiet" }),
    ];
    x += 40 + label.length * 7;
    return parts;
  });
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
