import type { Row } from "./books.ts";
import type { Line } from "./client/spec.ts";

export interface Fault {
  readonly what: string;
  readonly id: string;
  readonly to: string;
  /** The lines of the ledger that show it. */
  readonly lines: readonly unknown[];
}

export interface Showing {
  readonly t: number;
  readonly run: number;
  readonly path: string;
  readonly repeat: boolean;
}

type Shown = ReadonlyMap<string, readonly Showing[]>;
type Diaries = ReadonlyMap<string, readonly Line[]>;

// Evidence is written down behind the answer that brought it, and a stopped server writes later.
const writtenMs = 3_000;

const key = (id: string, to: string) => `${id} to ${to}`;

/** What every client was shown, by message and name. */
export function showings(diaries: Diaries): Shown {
  const shown = new Map<string, Showing[]>();
  for (const [name, lines] of diaries) {
    for (const line of lines) {
      if (line.what !== "shown") continue;
      const { t, run, path, repeat } = line;
      const list = shown.get(key(line.id, name)) ?? [];
      list.push({ t, run, path, repeat });
      shown.set(key(line.id, name), list);
    }
  }
  return shown;
}

export interface Books {
  readonly rows: readonly Row[];
  readonly diaries: Diaries;
  /** Deliveries that were final at one look and not at a later one. */
  readonly undone: readonly string[];
  /** Names whose sessions are not running in the end. */
  readonly absent: ReadonlySet<string>;
}

/** Holds what was accepted, what the bus has and what was shown against each other. */
export function account(books: Books): readonly Fault[] {
  const shown = showings(books.diaries);
  const rows = new Map(books.rows.map((row) => [key(row.id, row.to), row]));
  const told = (id: string, to: string): unknown[] => [
    ...linesAbout(id, to, books.diaries),
    rows.get(key(id, to)) ?? "no row in the bus",
  ];
  const faults: Fault[] = [];
  const fault = (what: string, id: string, to: string) =>
    void faults.push({ what, id, to, lines: told(id, to) });

  for (const lines of books.diaries.values()) {
    for (const line of lines) {
      if (line.what !== "sent") continue;
      for (const to of line.to) {
        if (!rows.has(key(line.id, to))) fault("lost: accepted, but not on the bus", line.id, to);
      }
    }
  }
  for (const row of books.rows) {
    const wrong = ending(row, shown.get(key(row.id, row.to)) ?? [], books);
    if (wrong !== null) fault(wrong, row.id, row.to);
  }
  for (const [delivery, list] of shown) {
    const [id, to] = delivery.split(" to ") as [string, string];
    const row = rows.get(delivery);
    if (row === undefined) fault("shown to a session it was not for", id, to);
    else {
      const wrong = repeats(row, list, books.diaries.get(to) ?? []);
      if (wrong !== null) fault(wrong, id, to);
    }
  }
  for (const delivery of books.undone) {
    const [id, to] = delivery.split(" to ") as [string, string];
    fault("undone: it had come to its end before", id, to);
  }
  for (const [id, to] of disordered(books.rows, books.diaries)) fault("out of order", id, to);
  return faults;
}

/** What is wrong with where a delivery ended, if anything. */
function ending(row: Row, list: readonly Showing[], { rows, absent }: Books): string | null {
  switch (row.state) {
    case "queued":
    case "handed":
      return absent.has(row.to) ? null : "never arrived: its session runs, and it still waits";
    case "seen":
    case "replied":
      return list.length > 0 ? null : `said to be ${row.state}, but nobody was shown it`;
    case "expired": {
      if (row.kind === "notice") return "a notice expired";
      const notice = rows.some(
        (one) => one.kind === "notice" && one.about === row.messageId && one.to === row.from,
      );
      return notice ? null : "expired, and its sender was not told";
    }
    default:
      return `set aside as ${row.state}`;
  }
}

/** Shown again only unproved, and only marked as a repeat. */
function repeats(row: Row, list: readonly Showing[], diary: readonly Line[]): string | null {
  if (list.length > row.offers) return "shown more often than it was handed over";
  for (const [n, showing] of list.entries()) {
    if (n === 0) continue;
    if (!showing.repeat) return "shown twice, the second time not marked as a repeat";
    const proof = diary.find(
      (line) => line.what === "proved" && line.ids.includes(row.id) && line.t + writtenMs < showing.t,
    );
    // A server that went down right then has not written it down.
    if (proof !== undefined && !wentDown(diary, proof.run, proof.t, proof.t + writtenMs)) {
      return "shown again after it was proved to be seen";
    }
  }
  return null;
}

function wentDown(diary: readonly Line[], run: number, from: number, to: number): boolean {
  const last = diary.findLast((line) => line.run === run);
  if (last !== undefined && last.t < to) return true; // killed with its client
  return diary.some(
    (line) => line.what === "server gone" && line.run === run && line.t >= from - 100 && line.t <= to,
  );
}

/**
 * A sender numbers its calls. What is shown for the first time is in that order, unless it is marked as
 * a repeat: then its first offer was lost on the way, with a client or hook that died.
 */
function* disordered(rows: readonly Row[], diaries: Diaries): Generator<[id: string, to: string]> {
  const bodies = new Map(rows.map((row) => [row.id, row.body]));
  for (const [to, lines] of diaries) {
    const latest = new Map<string, number>();
    const seen = new Set<string>();
    for (const line of lines) {
      if (line.what !== "shown" || seen.has(line.id)) continue;
      seen.add(line.id);
      const [name, run, n] = (bodies.get(line.id) ?? "").split(" ", 3);
      if (line.repeat || n === undefined || line.id.startsWith("notice")) continue;
      const sender = `${name} ${run}`;
      if (Number(n) < (latest.get(sender) ?? 0)) yield [line.id, to];
      else latest.set(sender, Number(n));
    }
  }
}

const events: readonly string[] = ["joined", "server gone", "hook killed", "hook failed", "escape", "clear"];

/** Everything that was written down about one message: by its sender, and by the name it was for. */
function linesAbout(id: string, to: string, diaries: Diaries): Line[] {
  const found: Line[] = [];
  for (const [name, lines] of diaries) {
    for (const line of lines) {
      if (line.what === "sent" && line.id === id) found.push({ ...line, to: [to] });
      if (name !== to) continue;
      if (line.what === "shown" && line.id === id) found.push(line);
      if (line.what === "proved" && line.ids.includes(id)) found.push({ ...line, ids: [id] });
      if (events.includes(line.what)) found.push(line);
    }
  }
  const [first, last] = [Math.min(...times(found, id)) - 5_000, Math.max(...times(found, id)) + 15_000];
  return found.filter((line) => line.t >= first && line.t <= last).sort((a, b) => a.t - b.t);
}

function times(lines: readonly Line[], id: string): number[] {
  const about = lines.filter(
    (line) =>
      (line.what === "sent" && line.id === id) ||
      (line.what === "shown" && line.id === id) ||
      (line.what === "proved" && line.ids.includes(id)),
  );
  return about.map((line) => line.t);
}
