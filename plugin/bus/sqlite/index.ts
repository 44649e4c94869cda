import type { Database } from "bun:sqlite";
import type { Clock } from "../../core/clock.ts";
import { type DmError, isDmError } from "../../core/errors.ts";
import type { Bus } from "../bus.ts";
import { clients } from "./clients.ts";
import { erasing } from "./erase.ts";
import { errands } from "./errands.ts";
import { evidence } from "./evidence.ts";
import { history } from "./history.ts";
import { journal } from "./journal.ts";
import { mail } from "./mail.ts";
import { mailboxes } from "./mailboxes.ts";
import { movements } from "./movements.ts";
import { openDatabase } from "./open.ts";
import { person } from "./person.ts";
import { refusals } from "./refusals.ts";
import { relay } from "./relay.ts";
import { sessions } from "./sessions.ts";
import { type Store, store } from "./store.ts";
import { sweep } from "./sweep.ts";
import { watches } from "./watches.ts";
import { writer } from "./write.ts";

export interface SqliteOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly boot: string;
  /** How long a write waits for other programs: tools 10 s, hooks much less. */
  readonly patienceMs?: number;
  /** A newer program brought a step that this one must know: nothing of this bus works any more. */
  readonly outgrown?: (error: DmError) => void;
}

/** The bus in one SQLite file in WAL mode; all processes that use it must run under one kernel. */
export async function openSqliteBus(options: SqliteOptions): Promise<Bus> {
  const { path, clock, boot, patienceMs = 10_000, outgrown = () => {} } = options;
  const db = await openDatabase(path, clock, patienceMs);
  const watched = <T>(result: Promise<T>) =>
    result.catch((error: unknown): never => {
      if (isDmError(error) && error.code === "bus_newer") outgrown(error);
      throw error;
    });
  const write = writer(db, clock, patienceMs);
  const plain = store({ db, clock, boot, write: (run, ms) => watched(write(run, ms)) });
  const parts: Store = { ...plain, read: (run) => watched(plain.read(run)) };
  const roster = sessions(parts);
  return {
    ...roster,
    ...person(parts, roster.session),
    ...mailboxes(parts),
    ...mail(parts),
    ...evidence(parts),
    ...refusals(parts),
    ...watches(parts),
    ...movements(parts),
    ...relay(parts),
    ...erasing(parts),
    ...errands(parts),
    ...history(parts),
    ...journal(parts),
    ...sweep(parts),
    ...clients(parts, roster.session),
    changed: changes(db),
    tidy: checkpoints(db),
    end: () => db.close(),
  };
}

const worthwhile = 1000;

/** Empties the log if this process filled it: an idle one must not write, and a checkpoint syncs. */
function checkpoints(db: Database): () => void {
  let last = 0;
  return () => {
    const changed = db.query<{ n: number }, []>("select total_changes() as n").get()?.n ?? 0;
    if (changed - last < worthwhile) return;
    last = changed;
    db.run("pragma wal_checkpoint(passive)");
  };
}

/** `data_version` costs 1.6 µs and moves only for commits of other connections, so an idle poll is nearly free. */
function changes(db: Database): () => boolean {
  const statement = db.query<{ data_version: number }, []>("pragma data_version");
  let last = -1;
  return () => {
    const version = statement.get()?.data_version ?? -1;
    const moved = version !== last;
    last = version;
    return moved;
  };
}
