/** Whether a version such as `0.10.2` comes after another; of what is none, nothing comes after anything. */
export function isNewer(one: string, other: string): boolean {
  const [a, b] = [numbers(one), numbers(other)];
  if (a === null || b === null) return false;
  const differing = a.findIndex((part, i) => part !== b[i]);
  return differing >= 0 && (a[differing] ?? 0) > (b[differing] ?? 0);
}

function numbers(version: string): readonly number[] | null {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return parts === null ? null : parts.slice(1).map(Number);
}
