/** From values to places on paper. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

export interface Span {
  readonly values: readonly number[];
  readonly log: boolean;
  readonly from: number;
  readonly to: number;
  readonly ticks?: readonly number[];
}

/** Linear ones begin at 0: what is twice as long must be twice as much. Logarithmic ones at a whole decade. */
export function scale({ values, log, from, to, ticks }: Span): Scale {
  const real = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  const most = Math.max(...real, log ? Number.MIN_VALUE : 0);
  if (log) {
    const low = Math.floor(Math.log10(Math.min(...real)));
    const high = Math.max(low + 1, Math.log10(most));
    const place = (value: number) =>
      from + ((Math.max(Math.log10(value), low) - low) / (high - low)) * (to - from);
    const decades = Array.from({ length: Math.floor(high + 1e-9) - low + 1 }, (_, i) => 10 ** (low + i));
    return { place, ticks: ticks ?? decades };
  }
  const top = most === 0 ? 1 : most;
  const step = niceStep(top);
  const steps = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, i) => i * step);
  return { place: (value) => from + (value / top) * (to - from), ticks: ticks ?? steps };
}

/** 1, 2 or 5 times a power of ten, four or so to the whole. */
function niceStep(top: number): number {
  const rough = top / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}

/** Short, as a label. */
export function short(value: number): string {
  if (value >= 10_000) return `${Math.round(value / 1000)}k`;
  if (value >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}
