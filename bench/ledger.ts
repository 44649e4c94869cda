/** What went wrong, by count. Speed is a matter of the machine; these are not. */
export interface Faults {
  readonly refused: number;
  readonly lost: number;
  readonly twice: number;
  readonly disordered: number;
}

export const noFaults: Faults = { refused: 0, lost: 0, twice: 0, disordered: 0 };

export function sumFaults(list: readonly Faults[]): Faults {
  const sum = (of: keyof Faults) => list.reduce((total, faults) => total + faults[of], 0);
  return { refused: sum("refused"), lost: sum("lost"), twice: sum("twice"), disordered: sum("disordered") };
}

export interface Ledger {
  /**
   * Writes down a message before it is sent.
   *
   * @param word to be found by a search later.
   * @returns its text, which names its sender and number.
   */
  write(from: string, to: readonly string[], word?: string): string;
  /** The server did not take it: nobody waits for it any more. */
  refused(text: string): void;
  arrived(to: string, text: string): void;
  /** Resolves when everything written and not refused has arrived, or after `ms`. */
  all(ms: number): Promise<void>;
  faults(): Faults;
}

const padding = "x".repeat(200); // about what one model writes to another

/** Holds what was sent against what arrived. Numbers count a sender's calls, in the order it made them. */
export function ledger(): Ledger {
  const awaited = new Set<string>();
  const seen = new Set<string>();
  const sent = new Map<string, { count: number; to: Map<number, readonly string[]> }>();
  const latest = new Map<string, number>();
  let refused = 0;
  let twice = 0;
  let disordered = 0;
  let complete: (() => void) | null = null;

  const settle = (key: string) => {
    awaited.delete(key);
    if (awaited.size === 0) complete?.();
  };

  return {
    write(from, to, word) {
      const book = sent.get(from) ?? { count: 0, to: new Map() };
      book.count += 1;
      book.to.set(book.count, to);
      sent.set(from, book);
      for (const name of to) awaited.add(`${name} ${from} ${book.count}`);
      return [from, book.count, ...(word === undefined ? [] : [word]), padding].join(" ");
    },
    refused(text) {
      refused += 1;
      const { from, number } = parse(text);
      for (const name of sent.get(from)?.to.get(number) ?? []) settle(`${name} ${from} ${number}`);
    },
    arrived(to, text) {
      const { from, number } = parse(text);
      const key = `${to} ${from} ${number}`;
      if (seen.has(key)) {
        twice += 1;
        return;
      }
      seen.add(key);
      const pair = `${to} ${from}`;
      if (number < (latest.get(pair) ?? 0)) disordered += 1;
      else latest.set(pair, number);
      settle(key);
    },
    async all(ms) {
      if (awaited.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      complete = resolve;
      const timer = setTimeout(resolve, ms);
      await promise;
      clearTimeout(timer);
      complete = null;
    },
    faults: () => ({ refused, lost: awaited.size, twice, disordered }),
  };
}

function parse(text: string): { from: string; number: number } {
  const [from = "", number = ""] = text.split(" ", 2);
  return { from, number: Number(number) };
}
