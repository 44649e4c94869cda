import type { Bars } from "./plot.ts";
import { scale, short } from "./scale.ts";
import { colours, legend, line, round, svg, text, width } from "./svg.ts";

const left = 210;
const right = width - 90;
const top = 70;
const bar = 16;
const gap = 14;

// Beyond this a short bar is no bar any more.
const widestLinear = 30;

/** Lying bars: labels of any length stay legible. */
export function bars({ title, unit, labels, series }: Bars): string {
  const all = series.flatMap(({ values }) => values).filter((value) => value > 0);
  const log = Math.max(...all) / Math.min(...all) > widestLinear;
  const { place, ticks } = scale({ values: all, log, from: left, to: right });
  const group = series.length * bar + gap;
  const bottom = top + labels.length * group;
  const grid = ticks.flatMap((tick) => [
    line(place(tick), top - 6, place(tick), bottom),
    text({ x: place(tick), y: bottom + 16, words: short(tick), anchor: "middle", class: "quiet" }),
  ]);
  const rows = labels.flatMap((label, row) => [
    text({ x: left - 10, y: top + row * group + (series.length * bar) / 2 + 4, words: label, anchor: "end" }),
    ...series.flatMap(({ values }, i) => {
      const value = values[row] ?? Number.NaN;
      if (!Number.isFinite(value)) return [];
      const y = top + row * group + i * bar;
      const length = Math.max(1, place(value) - left);
      return [
        `<rect class="s${i % colours}" x="${left}" y="${y}" width="${round(length)}" height="${bar - 3}" rx="2"/>`,
        text({ x: left + length + 6, y: y + bar - 5, words: `${short(value)} ${unit}`, class: "quiet" }),
      ];
    }),
  ]);
  const names = series.map(({ label }) => label);
  const parts = [...legend(names, 50), ...grid, ...rows];
  const scaleWords = log ? `${unit}, each line ten times the one before` : unit;
  const caption = text({ x: right, y: bottom + 34, words: scaleWords, anchor: "end", class: "quiet" });
  return svg({ title, height: bottom + 46, parts: [...parts, caption] });
}
