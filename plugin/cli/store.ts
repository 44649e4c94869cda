import { statSync } from "node:fs";
import type { Bus } from "../bus/bus.ts";
import { openSqliteBus } from "../bus/sqlite/index.ts";
import type { Clock } from "../core/clock.ts";
import { DmError } from "../core/errors.ts";
import { type Home, homeFrom } from "../core/home.ts";
import type { Place, Session } from "../core/model.ts";
import { refuseNetworkShare } from "../host/folder.ts";
import { sharesPids, thisPlace } from "../host/place.ts";
import { isRunning } from "../host/process.ts";
import { type Standing, standing } from "../policy/presence.ts";
import type { Terminal } from "./command.ts";

/** The bus as a command uses it. */
export interface Store {
  readonly bus: Bus;
  readonly home: Home;
  readonly place: Place;
  readonly clock: Clock;
  /** What is to be told of a session's presence, as its process shows now. */
  readonly standing: (session: Session) => Standing;
}

// Somebody waits at the terminal.
const usualPatienceMs = 3_000;

/**
 * Runs with the bus that is there, and closes it. A command makes none: where no session ever ran there is nothing to see.
 *
 * @throws DmError `no_bus`, and what opening it throws.
 */
export async function withStore<T>(
  { env, clock }: Pick<Terminal, "env" | "clock">,
  run: (store: Store) => Promise<T>,
  patienceMs = usualPatienceMs,
): Promise<T> {
  const store = await openStore({ env, clock }, patienceMs);
  const { bus } = store;
  try {
    const result = await run(store);
    await bus.leaveNoneBehind();
    return result;
  } catch (error) {
    await bus.leaveNoneBehind().catch(() => {}); // what is told is what went wrong first
    throw error;
  } finally {
    bus.end();
  }
}

/**
 * The bus that is there; whoever opens it closes it.
 *
 * @throws DmError `no_bus`, and what opening it throws.
 */
export async function openStore(
  { env, clock }: Pick<Terminal, "env" | "clock">,
  patienceMs = usualPatienceMs,
): Promise<Store> {
  const home = homeFrom(env);
  const kind = kindOf(home.bus);
  if (kind === "other")
    throw new DmError(
      "bus_broken",
      `${home.bus} is a folder, or no file at all, where the bus should be. Move it away; the next session makes a bus.`,
    );
  if (kind === "missing") {
    throw new DmError(
      "no_bus",
      `There is no bus at ${home.bus}: no session has run with this home yet. Where sessions have another CC_DM_HOME, set the same here; cc-dm doctor tells more.`,
    );
  }
  refuseNetworkShare(home.folder);
  const place = thisPlace();
  const bus = await openSqliteBus({ path: home.bus, clock, boot: place.boot, patienceMs });
  const witness = { place, clock, sharesPids, isRunning };
  return { bus, home, place, clock, standing: (session) => standing(session, witness) };
}

function kindOf(path: string): "file" | "missing" | "other" {
  try {
    return statSync(path).isFile() ? "file" : "other";
  } catch (error) {
    // What cannot be looked at may be there: opening it tells what is wrong.
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : "file";
  }
}
