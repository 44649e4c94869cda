import type { Contender } from "./contender.ts";
import { type Faults, sumFaults } from "./ledger.ts";
import type { Figure, Setup } from "./scenario.ts";
import { median } from "./stats.ts";

/** What one round of one contender gave. */
export interface Round<Key extends string> {
  readonly values: Readonly<Record<Key, number>>;
  readonly faults: Faults;
}

export interface Duel<Key extends string> {
  readonly figure: (key: Key, of: Pick<Figure, "what" | "unit" | "target">) => Figure;
  readonly faults: Faults;
}

/**
 * Rounds by turns, so that whatever else the machine does meets both. A figure is the median of the
 * rounds, a ratio the ratio of two medians of one run.
 */
export async function duel<Key extends string>(
  { subject, baseline, say, record }: Setup,
  { scenario, rounds }: { readonly scenario: string; readonly rounds: number },
  play: (contender: Contender) => Promise<Round<Key>>,
): Promise<Duel<Key>> {
  const played = new Map<Contender, Round<Key>[]>([
    [subject, []],
    [baseline, []],
  ]);
  for (let round = 1; round <= rounds; round++) {
    for (const [contender, results] of played) {
      say(`${scenario} ${round}/${rounds} ${contender.label}`);
      const result = await play(contender);
      results.push(result);
      record({ scenario, contender: contender.label, round, ...result.values, ...result.faults });
    }
  }
  const value = (contender: Contender, key: Key) =>
    median((played.get(contender) ?? []).map((round) => round.values[key]));
  return {
    figure: (key, of) => ({
      ...of,
      subject: value(subject, key),
      baseline: { label: baseline.label, value: value(baseline, key) },
    }),
    faults: sumFaults([...played.values()].flat().map((round) => round.faults)),
  };
}
