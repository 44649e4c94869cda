import type { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import { DmError, isDmError } from "../../core/errors.ts";
import type { Bus } from "../bus.ts";
import { carry } from "./carry.ts";
import { clients } from "./clients.ts";
import { finishSettingAside } from "./damaged.ts";
import { erasing } from "./erase.ts";
import { errands } from "./errands.ts";
import { explain } from "./errors.ts";
import { evidence } from "./evidence.ts";
import { history } from "./history.ts";
import { hasMoved, isHeld } from "./hold.ts";
import { journal } from "./journal.ts";
import { mail } from "./mail.ts";
import { mailboxes } from "./mailboxes.ts";
import { asideWords } from "./mend.ts";
import { movements } from "./movements.ts";
import { mendingOf, openDatabase } from "./open.ts";
import { person } from "./person.ts";
import { pin } from "./pin.ts";
import { closeAbandoned } from "./reading.ts";
import { refusals } from "./refusals.ts";
import { relay } from "./relay.ts";
import { sessions } from "./sessions.ts";
import { type Store, store } from "./store.ts";
import { sweep } from "./sweep.ts";
import { refuseNewer } from "./version.ts";
import { watches } from "./watches.ts";
import { patiently, transact, whileLocked, writer } from "./write.ts";

export interface SqliteOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly boot: string;
  /** How long a write waits for other programs: tools 10 s, hooks much less. */
  readonly patienceMs?: number;
  /**
   * Nothing of this bus works any more: a newer program brought a step that this one must know
   * (`bus_newer`), its file is gone or another (`bus_moved`), or it is damaged (`bus_broken`).
   */
  readonly lost?: (error: DmError) => void;
  /** A damaged bus was being put aside by a process that was killed; who can tell it goes on with that first. */
  readonly onMended?: (words: string) => void;
}

/** The bus in one SQLite file in WAL mode; all processes that use it must run under one kernel. */
export async function openSqliteBus(options: SqliteOptions): Promise<Bus> {
  const { path, clock, boot, patienceMs = 10_000, lost = () => {}, onMended } = options;
  const aside = onMended === undefined ? null : await finishSettingAside(path, clock);
  if (aside !== null) onMended?.(asideWords(path, aside));
  const { db, refuseMoved } = await openPinned(path, clock, patienceMs);
  let [abandoned, closed] = [false, false];
  const told = (error: unknown): never => {
    if (closed) throw left(path); // a call was under way when this bus was given up
    if (isDmError(error) && fatal.includes(error.code)) {
      abandoned = true;
      lost(error);
    }
    throw error;
  };
  const watched = <T>(result: Promise<T>) => result.catch(told);
  const write = writer(db, clock, patienceMs, refuseMoved);
  const plain = store({ db, clock, boot, write: (...asked) => watched(write(...asked)) });
  const parts: Store = { ...plain, read: (run) => watched(plain.read(run)) };
  const roster = sessions(parts);
  const moved = changes(db);
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
    changed() {
      try {
        refuseMoved();
        const isNews = moved();
        if (isNews) refuseNewer(db);
        return isNews;
      } catch (error) {
        return told(explain(error, path));
      }
    },
    bringOver: () => bringOver(db, { path, clock, patienceMs }),
    async leaveNoneBehind() {
      if (changesBy(db) === 0) return;
      for (let waited = 0; isHeld(mendingOf(path)) && waited < patienceMs; waited += mendingMs)
        await clock.sleep(mendingMs);
      if (!hasMoved(db)) return;
      abandoned = true;
      if (!existsSync(path)) return; // it was deleted: a command makes none
      await bringOver(db, { path, clock, patienceMs });
    },
    tidy: checkpoints(db),
    end() {
      closed = true;
      if (abandoned) closeAbandoned(db);
      else db.close();
    },
  };
}

function left(path: string): DmError {
  return new DmError(
    "bus_moved",
    `This session is changing over to another ${path}. Nothing was written; try again.`,
  );
}

/** The file that is remembered must be the one that was opened: another may take its place in between. */
async function openPinned(path: string, clock: Clock, patienceMs: number) {
  for (;;) {
    const refuseMoved = pin(path);
    const db = await openDatabase(path, clock, patienceMs);
    try {
      refuseMoved();
      return { db, refuseMoved };
    } catch {
      db.close(); // it was made just now
    }
  }
}

const fatal: readonly string[] = ["bus_newer", "bus_moved", "bus_broken"];

/** From a file that is at its path no more: as long as somebody has it open it can be read. */
async function bringOver(
  from: Database,
  { path, clock, patienceMs }: { path: string; clock: Clock; patienceMs: number },
) {
  const into = await openDatabase(path, clock, patienceMs);
  try {
    return await patiently(clock, patienceMs, path, () =>
      whileLocked(from, () => transact(into, () => carry(from, into, clock, "unread"))),
    );
  } finally {
    into.close();
  }
}

/** Rows that this connection wrote. */
function changesBy(db: Database): number {
  return db.query<{ n: number }, []>("select total_changes() as n").get()?.n ?? 0;
}

const worthwhile = 1000;
const mendingMs = 20;

/** Empties the log if this process filled it: an idle one must not write, and a checkpoint syncs. */
function checkpoints(db: Database): () => void {
  let last = 0;
  return () => {
    const changed = changesBy(db);
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
