import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Entry, Line, Spec } from "./spec.ts";

export function diaryFolder(home: string): string {
  return join(home, "diaries");
}

/** Writes down what happens to a client, at once: whoever is killed has written what it was shown. */
export function diary({ home, name, run }: Spec): (entry: Entry) => void {
  const path = join(diaryFolder(home), `${name}.jsonl`);
  return (entry) => {
    const line: Line = { t: Date.now(), name, run, ...entry };
    appendFileSync(path, `${JSON.stringify(line)}\n`);
  };
}
