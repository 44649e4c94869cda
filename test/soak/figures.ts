import { quantile } from "../../bench/stats.ts";
import type { Row } from "./books.ts";
import type { Line } from "./client/spec.ts";
import { showings } from "./ledger.ts";

export interface Figures {
  readonly messages: number;
  readonly deliveries: number;
  readonly ended: Readonly<Record<string, number>>;
  /** How those that were seen were proved. */
  readonly evidence: Readonly<Record<string, number>>;
  /** First showings, by the way they came. */
  readonly paths: Readonly<
    Record<string, { readonly count: number; readonly p50Ms: number; readonly p99Ms: number }>
  >;
  readonly repeats: number;
  readonly hooksKilled: number;
  readonly refused: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export function figures(rows: readonly Row[], diaries: ReadonlyMap<string, readonly Line[]>): Figures {
  const shown = showings(diaries);
  const lines = [...diaries.values()].flat();
  const calledAt = new Map<string, number>();
  for (const line of lines)
    if (line.what === "calls") calledAt.set(`${line.name} ${line.run} ${line.n}`, line.t);

  const times: number[] = [];
  const byPath = new Map<string, number[]>();
  for (const row of rows) {
    const first = shown.get(`${row.id} to ${row.to}`)?.[0];
    const called = calledAt.get(row.body.split(" ", 3).join(" "));
    if (first === undefined || called === undefined) continue;
    const list = byPath.get(first.path) ?? [];
    list.push(first.t - called);
    byPath.set(first.path, list);
    times.push(first.t - called);
  }
  const count = (values: readonly string[]) =>
    Object.fromEntries(
      [...Map.groupBy(values, (value) => value)].map(([value, list]) => [value, list.length]),
    );
  return {
    messages: new Set(rows.map((row) => row.messageId)).size,
    deliveries: rows.length,
    ended: count(rows.map((row) => row.state)),
    evidence: count(rows.flatMap((row) => row.evidence ?? [])),
    paths: Object.fromEntries(
      [...byPath].map(([path, list]) => [
        path,
        { count: list.length, p50Ms: quantile(list, 0.5), p99Ms: quantile(list, 0.99) },
      ]),
    ),
    repeats: [...shown.values()].reduce((sum, list) => sum + list.length - 1, 0),
    hooksKilled: lines.filter((line) => line.what === "hook killed").length,
    refused: lines.filter((line) => line.what === "refused").length,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    maxMs: Math.max(...times),
  };
}
