const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `30m`, `2h`, `3d` or `1w` in milliseconds, or null if it is none of these. */
export function spanOf(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text.trim()) ?? [];
  return count === undefined ? null : Number(count) * units[unit as keyof typeof units];
}
