import type { Parameters } from "fast-check";

const seconds = Number(process.env.CC_DM_FUZZ_S ?? 0);

/**
 * How often a property is tried: in `bun test` some times, the same ones each time; under `npm run fuzz` others
 * each time, for as long as that has. What fails is made small, and printed with its seed; it then becomes one of
 * the property's `examples`, which are tried first, always.
 */
export function budget<T>(runs: number, examples: T[] = []): Parameters<T> {
  if (seconds === 0) return { numRuns: runs, seed: 20_261_121, examples };
  return { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000, examples };
}

/** In milliseconds, for what a whole file may take. */
export const patience: number = 60_000 + seconds * 1000 * 2;
