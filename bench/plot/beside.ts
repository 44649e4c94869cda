import type { Figure } from "../scenario.ts";
import type { Bars } from "./plot.ts";

/** The figures of one unit as bars, each beside what it is held against. */
export function beside(title: string, subject: string, figures: readonly Figure[]): Bars {
  const against = figures.find(({ baseline }) => baseline !== null)?.baseline?.label;
  const mine = { label: subject, values: figures.map((figure) => figure.subject) };
  const other = figures.map(({ baseline }) => baseline?.value ?? Number.NaN);
  return {
    kind: "bars",
    title,
    unit: figures[0]?.unit ?? "",
    labels: figures.map(({ what }) => what),
    series: against === undefined ? [mine] : [mine, { label: against, values: other }],
  };
}
