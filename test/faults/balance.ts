import type { Row } from "../soak/books.ts";
import { account, type Books, type Fault, showings } from "../soak/ledger.ts";

/** What was promised, and what became of it. */
export interface Account {
  /** Deliveries of which a call, or a command, said that they are sent. */
  readonly promised: number;
  /** Of these, shown to whom they were for. */
  readonly arrived: number;
  /** Of these, not shown, and the sender was told. */
  readonly told: number;
  /** Of these, not shown and not told, whose receiver is not running: they wait. */
  readonly waiting: number;
  readonly lost: number;
  /** Showings beyond the first. */
  readonly repeated: number;
  /** Whatever else is wrong: a repeat that does not say so, an order that changed … */
  readonly faults: readonly Fault[];
}

const key = (id: string, to: string) => `${id} to ${to}`;

/**
 * The soak's ledger in one line. It knows one thing more: a bus may have been lost with all that had been
 * read from it, so what was shown need not be in it.
 */
export function balance(books: Books): Account {
  const shown = showings(books.diaries);
  const rows = new Map(books.rows.map((row) => [key(row.id, row.to), row]));
  const promises = [...books.diaries.values()]
    .flat()
    .flatMap((line) => (line.what === "sent" ? line.to.map((to) => ({ id: line.id, to })) : []));
  const promised = new Set(promises.map(({ id, to }) => key(id, to)));
  const count = { arrived: 0, told: 0, waiting: 0 };
  for (const { id, to } of promises) {
    const row = rows.get(key(id, to));
    if (shown.has(key(id, to))) count.arrived++;
    else if (row !== undefined && isTold(row, books.rows)) count.told++;
    else if (row !== undefined && isWaiting(row) && books.absent.has(to)) count.waiting++;
  }
  const showingCount = [...shown.values()].reduce((sum, list) => sum + list.length, 0);
  return {
    promised: promises.length,
    ...count,
    lost: promises.length - count.arrived - count.told - count.waiting,
    repeated: showingCount - shown.size,
    faults: account(books).filter(({ what, id, to }) => {
      const gone = !rows.has(key(id, to)) && shown.has(key(id, to)) && promised.has(key(id, to));
      return !(gone && (what.startsWith("lost:") || what.startsWith("shown to a session it was not for")));
    }),
  };
}

function isWaiting({ state }: Row): boolean {
  return state === "queued" || state === "handed";
}

function isTold(row: Row, rows: readonly Row[]): boolean {
  if (row.state !== "expired" && row.state !== "refused") return false;
  return rows.some((one) => one.kind === "notice" && one.about === row.messageId && one.to === row.from);
}
