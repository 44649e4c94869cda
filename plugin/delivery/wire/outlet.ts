import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { EpochMs, Offer, Session } from "../../core/model.ts";
import { evidenceDueMs } from "../proof/evidence.ts";
import type { Wire } from "./channel.ts";

// One write for all that was read meanwhile: with one each, evidence took as many write transactions
// as delivery itself.
const batchMs = 100;

export interface OutletParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly wire: () => Wire | null;
  /** Settings and the client's command line say that channel events may be shown. */
  readonly wanted: boolean;
  /** Started by a Claude client, whose hooks are then to be expected. */
  readonly expectsHooks: boolean;
}

export interface Outlet {
  readonly ready: () => boolean;
  readonly push: (offers: readonly Offer[], to: Session) => Promise<void>;
  /**
   * @param before what was pushed before then and shows no evidence was not read; null: nothing is due.
   * @returns whether mail has to go another way now.
   */
  readonly due: (session: Session, before: EpochMs | null) => Promise<boolean>;
  readonly onInitialized: () => void;
  readonly shown: (session: Session, tokens: readonly string[], dropped: AbortSignal) => void;
  /** What tools and hooks took and no answer showed waits again. */
  readonly unshown: (session: Session, again: () => void) => void;
  /** Resolves when no evidence is being written down. */
  readonly settled: () => Promise<unknown>;
}

/**
 * The channel path and what it may claim. The client drops channel events in silence when it has not
 * loaded the channel, so "written" is never "seen". Where hooks were heard, evidence comes from them,
 * and a channel that yields none is given up. A plain MCP client gives no such evidence; there an
 * answered ping shows that it has read the event, and the setting `on` is trusted for the rest.
 */
export function outlet({ bus, clock, log, wire, wanted, expectsHooks }: OutletParts): Outlet {
  let initializedAt: EpochMs | null = null;
  let dropped = false;
  // Whether pushed mail may still lack evidence: an idle session asks the bus for nothing.
  let outstanding = false;
  let pushedAt: EpochMs = 0;

  const isPlain = (session: Session) =>
    session.hooksAt === null &&
    (!expectsHooks || (initializedAt !== null && clock.now() - initializedAt > evidenceDueMs));

  const proven: string[] = [];
  let proving = false;
  const underWay = new Set<Promise<void>>();

  function track(run: Promise<void>): void {
    const tracked = run
      .catch((error: unknown) => log("evidence_failed", { error: String(error) }))
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  /**
   * Writes down at once what was read first, and together what is read within the pause after it. Of a
   * broadcast the pause comes first, of chance length: the last of fifty would wait while the first write.
   */
  async function prove(session: Session, offers: readonly Offer[], read: Promise<boolean>): Promise<void> {
    if (!(await read)) return;
    proven.push(...offers.map((offer) => offer.token));
    if (proving) return;
    proving = true;
    try {
      if (offers.some(({ message }) => message.kind === "broadcast"))
        await clock.sleep(Math.round(batchMs * (0.5 + Math.random())));
      while (proven.length > 0) {
        await bus.seen(session.id, proven.splice(0), "read");
        if (proven.length > 0) await clock.sleep(batchMs);
      }
    } finally {
      proving = false;
    }
  }

  async function proveResult(
    session: Session,
    tokens: readonly string[],
    dropped: AbortSignal,
  ): Promise<void> {
    const read = await wire()?.readUpToHere(evidenceDueMs);
    if (read && !dropped.aborted) await bus.seen(session.id, tokens, "result");
  }

  return {
    ready: () => wanted && !dropped && initializedAt !== null,
    async push(offers, to) {
      outstanding = true;
      pushedAt = clock.now();
      if (!isPlain(to)) return wire()?.push(offers, to);
      const asked = await wire()?.pushAndAsk(offers, to, evidenceDueMs);
      if (asked !== undefined) track(prove(to, offers, asked.read));
    },
    async due(session, idleBefore) {
      if (!outstanding) return false;
      let again = false;
      const before = isPlain(session) ? clock.now() - evidenceDueMs : idleBefore;
      if (before === null) return false; // a busy client is not a deaf one
      if (isPlain(session)) {
        // Some clients answer no pings. The setting says that they show events, so it is believed.
        await bus.seenBy(session.id, "channel", "trusted", before);
      } else if (session.hooksAt !== null) {
        // Of a channel that was given up nothing is shown any more, however late it was pushed.
        const due = dropped ? Number.MAX_SAFE_INTEGER : before;
        const returned = await bus.requeue(session.id, "channel", due);
        again = returned > 0;
        if (again && !dropped) {
          dropped = true;
          await bus.requeue(session.id, "channel", Number.MAX_SAFE_INTEGER);
          log("channel_dropped", {
            returned,
            note: "the client showed no channel event; its mail goes by the wake path",
          });
        }
      }
      outstanding = pushedAt >= before;
      return again;
    },
    onInitialized() {
      initializedAt = clock.now();
    },
    shown: (session, tokens, dropped) => track(proveResult(session, tokens, dropped)),
    unshown: (session, again) =>
      track(
        Promise.all(
          (["pull", "turn"] as const).map((path) => bus.requeue(session.id, path, Number.MAX_SAFE_INTEGER)),
        ).then(again),
      ),
    settled: () => Promise.allSettled(underWay),
  };
}
