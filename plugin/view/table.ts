import { fitted, type Ink, type Line, type Span, widthOf } from "./text.ts";

export interface Column<T> {
  readonly cell: (item: T) => Cell;
  /** As wide as its widest cell, but no wider; Infinity: what the others leave, without a look at its cells. */
  readonly most: number;
  /** Below this many places it is not worth showing. */
  readonly least: number;
  /** Given up first where it is highest; 0: always there. */
  readonly spare: number;
}

export interface Cell {
  readonly text: string;
  readonly ink?: Ink | undefined;
}

const gap = 2;

/**
 * Rows of aligned columns in this width. What does not fit is narrowed, or goes: the most dispensable
 * first. The last column takes what is left.
 *
 * @param widthsFrom all items, so that columns stand still while one moves through them.
 */
export function table<T>(
  shown: readonly T[],
  columns: readonly Column<T>[],
  width: number,
  widthsFrom: readonly T[] = shown,
): readonly Line[] {
  const wide = columns.map(({ cell, most }) =>
    most === Number.POSITIVE_INFINITY
      ? width
      : Math.min(most, Math.max(0, ...widthsFrom.map((item) => widthOf(cell(item).text)))),
  );
  const chosen = fitting(columns, wide, width);
  return shown.map((item) => chosen.flatMap(({ column, places }, i) => laid(column, item, places, i > 0)));
}

function laid<T>({ cell }: Column<T>, item: T, places: number, isLater: boolean): readonly Span[] {
  const { text, ink } = cell(item);
  const space = isLater ? [{ text: " ".repeat(gap) }] : [];
  return [...space, { text: fitted(text, places), ink }];
}

function fitting<T>(columns: readonly Column<T>[], wide: readonly number[], width: number) {
  let list = columns
    .map((column, i) => ({ column, places: wide[i] ?? 0 }))
    .filter(({ places }) => places > 0);
  const total = () => list.reduce((sum, { places }) => sum + places + gap, -gap);
  const least = () =>
    list.reduce((sum, { column, places }) => sum + Math.min(places, column.least) + gap, -gap);
  while (least() > width && list.length > 1) {
    const worst = Math.max(...list.map(({ column }) => column.spare));
    if (worst === 0) break;
    list = list.filter(({ column }) => column.spare !== worst);
  }
  // Narrow from the right: what names a thing stands to the left.
  for (let i = list.length - 1; i >= 0 && total() > width; i--) {
    const one = list[i];
    if (one === undefined) continue;
    const places = Math.max(Math.min(one.places, one.column.least), one.places - (total() - width));
    list = list.map((each, j) => (j === i ? { ...each, places } : each));
  }
  const last = list.at(-1);
  if (last !== undefined && total() < width)
    list = [...list.slice(0, -1), { ...last, places: last.places + width - total() }];
  return list;
}
