import { Usage } from "./command.ts";

/** The known word that was probably meant, or null. */
export function suggest(word: string, known: readonly string[]): string | null {
  const folded = word.toLowerCase();
  const begun = known.filter((one) => folded.length > 1 && one.startsWith(folded));
  if (begun.length === 1) return begun[0] ?? null;
  const near = known
    .map((one) => ({ one, apart: distance(folded, one) }))
    .filter(({ one, apart }) => apart <= Math.max(1, Math.floor(one.length / 3)))
    .sort((a, b) => a.apart - b.apart);
  return near[0]?.one ?? null;
}

/** The one of these that an option was given, in whatever case. @throws Usage that tells which was meant perhaps. */
export function oneOf<T extends string>(known: readonly T[], word: string, option: string): T {
  const found = known.find((one) => one === word.trim().toLowerCase());
  if (found !== undefined) return found;
  const meant = suggest(word, known);
  const way = meant === null ? "" : ` Did you mean ${meant}?`;
  throw new Usage(`${option} is "${word.slice(0, 40)}"; it takes ${known.join(", ")}.${way}`);
}

/** Letters to add, drop, change or swap with the next to get from one word to the other. */
export function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const ways = [at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (same ? 0 : 1)];
      next.push(Math.min(...ways, swapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY));
    }
    before = row;
    row = next;
  }
  return at(row, to.length);
}

function at(row: readonly number[], i: number): number {
  return row[i] ?? Number.POSITIVE_INFINITY;
}
