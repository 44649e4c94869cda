import type { Entry } from "../../bus/journal.ts";

/** A message, and how many answers it is away from the first of its kind. */
export interface Branch {
  readonly entry: Entry;
  readonly depth: number;
}

/** Answers below what they answer, each in the order sent; what answers nothing here stands at the left. */
export function branches(entries: readonly Entry[]): readonly Branch[] {
  const ids = new Set(entries.map(({ message }) => message.id));
  const answers = Map.groupBy(entries, ({ message: { inReplyTo } }) =>
    inReplyTo !== null && ids.has(inReplyTo) ? inReplyTo : null,
  );
  const laid: Branch[] = [];
  const done = new Set<string>();
  // Whoever chooses ids can make messages answer each other in a circle: those have no first.
  for (const first of [...(answers.get(null) ?? []), ...entries]) {
    // By hand and not by calls: a chain of answers may be as long as it likes.
    const open: Branch[] = [{ entry: first, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { entry, depth } = next;
      if (done.has(entry.message.id)) continue;
      done.add(entry.message.id);
      laid.push(next);
      for (const answer of [...(answers.get(entry.message.id) ?? [])].reverse())
        open.push({ entry: answer, depth: depth + 1 });
    }
  }
  return laid;
}
