import type { Lines } from "./plot.ts";
import { scale, short } from "./scale.ts";
import { colours, legend, line, round, svg, text, width } from "./svg.ts";

const left = 64;
const right = width - 24;
const top = 72;
const bottom = 300;

export function lines({ title, x, y, series }: Lines): string {
  const points = series.flatMap((one) => one.points);
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  const across = scale({ ...x, values: xs, from: left, to: right });
  const up = scale({ ...y, values: ys, from: bottom, to: top });
  const grid = [
    ...across.ticks.flatMap((tick) => [
      line(across.place(tick), top, across.place(tick), bottom),
      text({
        x: across.place(tick),
        y: bottom + 18,
        words: short(tick),
        anchor: "middle",
        class: "quiet",
      }),
    ]),
    ...up.ticks.flatMap((tick) => [
      line(left, up.place(tick), right, up.place(tick)),
      text({ x: left - 8, y: up.place(tick) + 4, words: short(tick), anchor: "end", class: "quiet" }),
    ]),
  ];
  const few = Math.max(...series.map((one) => one.points.length)) <= 12;
  const drawn = series.flatMap((one, i) => {
    const places = one.points.map(([a, b]) => [round(across.place(a)), round(up.place(b))] as const);
    const path = places.map(([a, b], n) => `${n === 0 ? "M" : "L"}${a} ${b}`).join("");
    const dots = places.map(([a, b]) => `<circle class="s${i % colours}" cx="${a}" cy="${b}" r="4"/>`);
    return [`<path class="s${i % colours}" d="${path}"/>`, ...(few ? dots : [])];
  });
  const captions = [
    text({ x: left, y: top - 8, words: y.label, class: "quiet" }),
    text({ x: right, y: bottom + 38, words: x.label, anchor: "end", class: "quiet" }),
  ];
  const names = series.map(({ label }) => label);
  return svg({ title, height: bottom + 50, parts: [...legend(names, 48), ...grid, ...drawn, ...captions] });
}

/** Which share of the values lies at or below each: where most lie is where the line is steep. */
export function shares(values: readonly number[], most = 120): readonly (readonly [number, number])[] {
  const sorted = [...values].sort((a, b) => a - b);
  const step = Math.max(1, Math.floor(sorted.length / most));
  return sorted
    .map((value, i) => [value, (100 * (i + 1)) / sorted.length] as const)
    .filter((_, i) => i % step === 0 || i === sorted.length - 1);
}
