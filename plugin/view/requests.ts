import { brief } from "../core/clock.ts";
import type { EpochMs } from "../core/model.ts";
import type { Request } from "./scene.ts";
import { type Column, table } from "./table.ts";
import { inRow, type Line } from "./text.ts";

export function requestRows(
  shown: readonly Request[],
  all: readonly Request[],
  now: EpochMs,
  width: number,
): readonly Line[] {
  const columns: readonly Column<Request>[] = [
    { cell: ({ letters }) => ({ text: inRow(letters), ink: "bold" }), most: 5, least: 5, spare: 0 },
    { cell: ({ name }) => ({ text: inRow(name) }), most: 20, least: 8, spare: 0 },
    { cell: ({ tool }) => ({ text: inRow(tool), ink: "yellow" }), most: 20, least: 4, spare: 0 },
    { cell: ({ askedAt }) => ({ text: brief(now - askedAt), ink: "dim" }), most: 6, least: 4, spare: 2 },
    {
      cell: ({ warnings }) => ({ text: warnings.length > 0 ? "!" : "", ink: "yellow" }),
      most: 1,
      least: 1,
      spare: 3,
    },
    {
      cell: ({ subject }) => ({ text: inRow(subject), ink: "cyan" }),
      most: Number.POSITIVE_INFINITY,
      least: 8,
      spare: 1,
    },
  ];
  return table(shown, columns, width, all);
}
