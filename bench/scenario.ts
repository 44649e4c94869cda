import type { Contender } from "./contender.ts";
import type { Faults } from "./ledger.ts";
import type { Plot } from "./plot/plot.ts";

export interface Setup {
  readonly subject: Contender;
  /** What the subject is held against; some scenarios bring their own. */
  readonly baseline: Contender;
  readonly size: Size;
  /** A line for whoever waits. */
  readonly say: (line: string) => void;
  /** One round of one contender, for `--json`. */
  readonly record: (row: Readonly<Record<string, unknown>>) => void;
}

/** How much of everything: figures to publish; a look; or just enough to see that it runs. */
export type Size = "full" | "quick" | "tiny";

export function bySize(size: Size, full: number, quick: number, tiny: number): number {
  return { full, quick, tiny }[size];
}

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly subject: number;
  /** Null where the target is a plain number. */
  readonly baseline: { readonly label: string; readonly value: number } | null;
  /** What the figure (or, with a baseline, subject / baseline) should be. */
  readonly target: { readonly least?: number; readonly most?: number } | null;
}

export interface Report {
  readonly figures: readonly Figure[];
  readonly faults: Faults;
  /** What could not be measured here, and why. */
  readonly note?: string;
  readonly plot?: Plot;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly run: (setup: Setup) => Promise<Report>;
}
