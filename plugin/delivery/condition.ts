import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Condition, EpochMs, Session } from "../core/model.ts";

// A tool in hand changes by the second, and every commit makes every session look.
const slowMs = 2_000;

export interface Teller {
  /** Tells the others if anything changed; asked at every sign and every poll, so it costs nothing if not. */
  tell(): void;
  /** The row was lost: all of it has to be told again. */
  forget(): void;
}

export interface TellerParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly session: () => Session;
  readonly condition: () => Condition;
}

/** Keeps on the roster what this session does and how it can be reached. */
export function teller({ bus, clock, log, session, condition }: TellerParts): Teller {
  let told: Condition | null = null;
  let at: EpochMs = 0;
  let telling = false;

  function tell(): void {
    if (telling) return;
    const next = condition();
    if (told !== null && same(told, next)) return;
    const minor = told !== null && same(withoutTool(told), withoutTool(next));
    if (minor && Math.abs(clock.now() - at) < slowMs) return;
    telling = true;
    at = clock.now();
    bus.tell(session().id, next).then(
      () => {
        telling = false;
        told = next;
        tell(); // what changed meanwhile
      },
      (error: unknown) => {
        telling = false; // the next poll tries again
        log("tell_failed", { error: String(error) });
      },
    );
  }

  return {
    tell,
    forget() {
      told = null;
    },
  };
}

function same(a: Condition, b: Condition): boolean {
  return (
    a.reach === b.reach &&
    a.quietUntil === b.quietUntil &&
    a.activity?.state === b.activity?.state &&
    a.activity?.since === b.activity?.since &&
    a.activity?.on === b.activity?.on
  );
}

function withoutTool(condition: Condition): Condition {
  const { activity } = condition;
  return activity?.state === "busy" ? { ...condition, activity: { ...activity, on: null } } : condition;
}
