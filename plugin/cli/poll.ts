import type { Bus } from "../bus/bus.ts";
import type { Terminal } from "./command.ts";

const pollMs = 250;

/** Set once the person, or somebody else, wants the program to end, or nobody reads what it writes. */
export interface Stop {
  readonly now: boolean;
  readonly when: Promise<void>;
}

/** From now on a Ctrl-C ends nothing by itself; a second one does. */
export function stopOf({ interrupted, heard }: Terminal): Stop {
  let now = false;
  const when = interrupted().then(() => {
    now = true;
  });
  return {
    when,
    get now() {
      return now || !heard();
    },
  };
}

/** Sleeps until the next look is due, or not so long if it is to stop. */
export function pause({ clock }: Pick<Terminal, "clock">, stop: Stop): Promise<void> {
  return Promise.race([clock.sleep(pollMs), stop.when]);
}

/**
 * Looks whenever somebody has written, and at least so often: a session that was killed writes nothing,
 * and times grow old.
 *
 * @param look returns false if it is not to go on.
 */
export async function keepLooking(
  {
    terminal,
    bus,
    stop,
    atLeastEveryMs,
  }: { terminal: Terminal; bus: Bus; stop: Stop; atLeastEveryMs: number },
  look: () => Promise<boolean>,
): Promise<void> {
  const { clock } = terminal;
  for (let last = Number.NEGATIVE_INFINITY; !stop.now; ) {
    if (bus.changed() || clock.now() - last >= atLeastEveryMs || clock.now() < last) {
      last = clock.now();
      if (!(await look())) return;
    }
    await pause(terminal, stop);
  }
}
