import { dayAt, dayOf, lastTimeOfDay, parseIso } from "../../core/clock.ts";
import type { EpochMs } from "../../core/model.ts";
import { Usage } from "../command.ts";
import { spanOf } from "./times.ts";

/** How the help writes what `momentOf` takes. */
export const momentHelp = "30m, 2h or 7d ago, yesterday, 22:30, or 2026-11-21T14:00";

// The parser of this language takes nearly anything for a date, and one without a time for London's midnight.
const form = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;
const dayAlone = /^\d{4}-\d\d-\d\d$/;

/** The beginning of that day. */
const dayWords: ReadonlyMap<string, number> = new Map([
  ["today", 0],
  ["yesterday", -1],
]);

/**
 * The moment that somebody means by `2h` (ago), `yesterday` (its beginning), `22:30` (the last time that a clock showed it), a day or
 * a moment in ISO 8601; local time unless it says otherwise.
 *
 * @throws Usage that names the option
 */
export function momentOf(text: string, { option, now }: { option: string; now: EpochMs }): EpochMs {
  const word = text.trim();
  const span = spanOf(word);
  if (span !== null) return now - span;
  const days = dayWords.get(word.toLowerCase());
  if (days !== undefined) return dayAt(now, days);
  const lately = lastTimeOfDay(word, now);
  if (lately !== null) return lately;
  const at = form.test(word)
    ? parseIso(dayAlone.test(word) ? `${word}T00:00` : word.replace(" ", "T"))
    : null;
  if (at === null || !isDay(word.slice(0, 10)))
    throw new Usage(
      `--${option} is "${text}"; it takes 30m, 2h, 7d, 2w, today, yesterday, a time of day such as 22:30, or a moment such as 2026-11-21T14:00.`,
    );
  return at;
}

/** The parser takes a 31st of every month, and means a day of the next. */
function isDay(text: string): boolean {
  const noon = parseIso(`${text}T12:00`);
  return noon !== null && dayOf(noon) === text;
}

/** As many as an option asks for. @throws Usage that names the option */
export function countOf(text: string, { option, most }: { option: string; most: number }): number {
  const count = Number(text);
  if (!/^\d+$/.test(text.trim()) || count < 1 || count > most)
    throw new Usage(`--${option} is "${text}"; it takes a number from 1 to ${most}.`);
  return count;
}
