import type { Contender } from "./contender.ts";
import type { Faults } from "./ledger.ts";

export interface Setup {
  readonly subject: Contender;
  /** What the subject is held against; some scenarios bring their own. */
  readonly baseline: Contender;
  /** Fewer and shorter rounds: a look, not a figure. */
  readonly quick: boolean;
  /** A line for whoever waits. */
  readonly say: (line: string) => void;
  /** One round of one contender, for `--json`. */
  readonly record: (row: Readonly<Record<string, unknown>>) => void;
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
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly run: (setup: Setup) => Promise<Report>;
}
