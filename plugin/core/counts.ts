/** How counts, sizes and lengths of time are said to a person. */
export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

export function lasted(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return many(seconds, "second");
  if (seconds < 7200) return many(Math.round(seconds / 60), "minute");
  if (seconds < 172_800) return many(Math.round(seconds / 3600), "hour");
  return many(Math.round(seconds / 86_400), "day");
}

export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power > 2 ? 1 : 0)} ${units[power]}`;
}

const most = 12;

export function someOf(texts: readonly string[]): string {
  const shown = texts.slice(0, most).join(", ");
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}
