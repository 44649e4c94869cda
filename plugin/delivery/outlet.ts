import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { EpochMs, Offer, Session } from "../core/model.ts";
import type { Wire } from "./channel.ts";

export const evidenceDueMs = 10_000;
// One ping and one write for all that was pushed meanwhile: with one each, evidence took as many
// write transactions as delivery itself.
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
  readonly due: (session: Session) => Promise<void>;
  readonly onInitialized: () => void;
  readonly shown: (session: Session, tokens: readonly string[]) => void;
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

  const unproven: string[] = [];
  let proving = false;
  const underWay = new Set<Promise<void>>();

  function confirm(session: Session, tokens: readonly string[], evidence: string): void {
    track(seek(session, tokens, evidence));
  }

  function track(run: Promise<void>): void {
    const tracked = run.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  /** The first push is proved at once; what comes meanwhile waits and is proved together. */
  async function proveAll(session: Session): Promise<void> {
    proving = true;
    while (unproven.length > 0) {
      await seek(session, unproven.splice(0), "read");
      if (unproven.length > 0) await clock.sleep(batchMs);
    }
    proving = false;
  }

  async function seek(session: Session, tokens: readonly string[], evidence: string): Promise<void> {
    try {
      const read = await wire()?.readUpToHere(evidenceDueMs);
      if (read === true) await bus.seen(session.id, tokens, evidence);
    } catch (error) {
      log("evidence_failed", { error: String(error) });
    }
  }

  return {
    ready: () => wanted && !dropped && initializedAt !== null,
    async push(offers, to) {
      outstanding = true;
      pushedAt = clock.now();
      await wire()?.push(offers, to);
      if (!isPlain(to)) return;
      unproven.push(...offers.map((offer) => offer.token));
      if (!proving) track(proveAll(to));
    },
    async due(session) {
      if (!outstanding || dropped) return;
      const before = clock.now() - evidenceDueMs;
      if (isPlain(session)) {
        // Some clients answer no pings. The setting says that they show events, so it is believed.
        await bus.seenBy(session.id, "channel", "trusted", before);
      } else if (session.hooksAt !== null) {
        const returned = await bus.requeue(session.id, "channel", before);
        if (returned > 0) {
          dropped = true;
          log("channel_dropped", {
            returned,
            note: "the client showed no channel event; its mail goes by the wake path",
          });
        }
      }
      outstanding = pushedAt >= before;
    },
    onInitialized() {
      initializedAt = clock.now();
    },
    shown: (session, tokens) => confirm(session, tokens, "result"),
    settled: () => Promise.allSettled(underWay),
  };
}
