// Scripts that put no blanks between words, and symbols: what an index of words knows of them is only how
// a run of them begins.
const unspaced =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{So}]/u;

/** What is looked for in texts. All of it must be there. */
export interface Sought {
  /** Words, found by their beginnings, whatever their case and accents. */
  readonly words: readonly string[];
  /** Found as they are, wherever they stand. */
  readonly literal: readonly string[];
}

export function soughtBy(query: string): Sought {
  const parts = query.split(/[\s\p{Cc}]+/u);
  return {
    words: parts.filter((part) => !unspaced.test(part) && /[\p{L}\p{N}]/u.test(part)),
    literal: parts.filter((part) => unspaced.test(part)),
  };
}
