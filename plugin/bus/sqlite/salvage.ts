import type { Database, Statement } from "bun:sqlite";

export type Row = Record<string, string | number | null>;

export interface Read {
  readonly rows: readonly Row[];
  /** Not all rows could be read. */
  readonly damaged: boolean;
}

// More numbers than that are not asked for one by one: some seconds, of which everybody waits.
const mostAsked = 500_000;

/**
 * All rows of a table that can be read. Where a page is damaged: from the front as far as that goes, from
 * the end as far as that goes, and what lies between by asking for each number.
 */
export function readable(db: Database, table: string, where = "1"): Read {
  const found = new Map<string, Row>();
  const key = keyOf(db, table);
  if (key === null) return { rows: [], damaged: true };
  const sql = `select *, ${key.join(", ")} from ${table} where ${where}`;
  const add = (row: Row) => void found.set(JSON.stringify(key.map((column) => row[column])), row);
  /** @returns the first column of the key, of the last row that could be read; null: all could. */
  const walk = (order: "" | "desc"): number | undefined | null => {
    let last: number | undefined;
    let statement: Statement<Row, []> | null = null;
    try {
      const by = key.map((column) => `${column} ${order}`).join(", ");
      statement = db.prepare<Row, []>(`${sql} order by ${by}`);
      for (const row of statement.iterate()) {
        add(row);
        last = Number(row[key[0] ?? ""]);
      }
      return null;
    } catch {
      return last;
    } finally {
      statement?.finalize(); // else the file stays open, with its locks (no `using`: Node 20 must be able to read this file)
    }
  };
  const front = walk("");
  if (front === null) return { rows: [...found.values()], damaged: false };
  const [from, to] = [front ?? 0, walk("desc") ?? highest(db)];
  const last = Math.min(to, from + mostAsked); // of a key that is a text there are no numbers: NaN ends it
  for (let number = from; number <= last; number++) {
    try {
      for (const row of db.query<Row, [number]>(`${sql} and ${key[0]} = ?`).all(number)) add(row);
    } catch {} // it stood on the damaged page
  }
  return { rows: [...found.values()], damaged: true };
}

/** The highest number that a message was given. */
function highest(db: Database): number {
  try {
    const sql = "select seq from sqlite_sequence where name = 'message'";
    return db.query<{ seq: number }, []>(sql).get()?.seq ?? 0;
  } catch {
    return 0;
  }
}

function keyOf(db: Database, table: string): readonly string[] | null {
  try {
    const keys = db
      .query<{ name: string }, [string]>("select name from pragma_table_info(?) where pk > 0 order by pk")
      .all(table)
      .map(({ name }) => name);
    return keys.length > 0 ? keys : ["rowid"];
  } catch {
    return null; // the list of tables itself is damaged
  }
}
