import { bars } from "./bars.ts";
import { lines } from "./lines.ts";

/** Quantities beside each other: one row a label, in it one bar for each series. */
export interface Bars {
  readonly kind: "bars";
  readonly title: string;
  readonly unit: string;
  readonly labels: readonly string[];
  readonly series: readonly { readonly label: string; readonly values: readonly number[] }[];
}

/** A quantity over another; `log` axes for what spans decades. */
export interface Lines {
  readonly kind: "lines";
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly {
    readonly label: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

export interface Axis {
  readonly label: string;
  readonly log: boolean;
  /** Where its lines stand; chosen if left out. */
  readonly ticks?: readonly number[];
}

export type Plot = Bars | Lines;

/** An SVG that stands by itself and can be read on a light page as on a dark one. */
export function draw(plot: Plot): string {
  return plot.kind === "bars" ? bars(plot) : lines(plot);
}
