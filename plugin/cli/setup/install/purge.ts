import { lstatSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { examine } from "../../../bus/sqlite/examine.ts";
import { sessionFacts } from "../../../doctor/people.ts";
import { thisPlace } from "../../../host/place.ts";
import type { Terminal } from "../../command.ts";
import { isThere, removeIfEmpty } from "./entry.ts";
import { type Places, short } from "./places.ts";
import type { Outlook, Step } from "./steps.ts";

/** What goes with the bus. */
export interface Loss {
  /** Sessions that run on it now. */
  readonly running: readonly string[];
  /** Unread mail by the name it waits for. */
  readonly unread: readonly { readonly name: string; readonly count: number }[];
  /** Null: the bus cannot be looked at, for this reason. */
  readonly blind: string | null;
  /** It cannot be looked at because others use it, or may. */
  readonly mayRun: boolean;
}

export function lossOf({ home }: Places, { clock }: Terminal): Loss {
  const seen = examine(home.bus, clock);
  if (seen.state === "missing") return { running: [], unread: [], blind: null, mayRun: false };
  if (seen.state !== "read")
    return {
      running: [],
      unread: [],
      blind: seen.why,
      mayRun: seen.state === "busy" || seen.state === "newer",
    };
  const place = thisPlace();
  const running = seen.exam.sessions
    .map((session) => sessionFacts(session, place, clock))
    .filter(({ standing }) => standing !== "gone")
    .map(({ session }) => session.name);
  const piles = Map.groupBy(
    seen.exam.waiting.filter(({ state }) => state === "queued"),
    ({ name }) => name,
  );
  const unread = [...piles].map(([name, of]) => ({
    name,
    count: of.reduce((sum, { count }) => sum + count, 0),
  }));
  return { running, unread, blind: null, mayRun: false };
}

export function lossText({ unread, blind }: Loss): string {
  if (blind !== null) return `What is in the bus cannot be told: ${blind}`;
  const total = unread.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return "No mail waits unread; the history of messages and approvals goes.";
  const whom = unread.map(({ name, count }) => `${name} ${count}`).join(", ");
  return `Mail that nobody has read will be lost: ${total} (${whom}). The history of messages and approvals goes too.`;
}

const known =
  /^(bus(-damaged-[\d-]+)?\.db(-wal|-shm|-journal|\.lock|\.aside|(\.copy|\.new)(-wal|-shm)?)?|config\.json|user\.key(\.\d+)?|(agreed|installed|statusline)\.json(\.\d+)?|clients|bells|plugin)$/;

/** Removes the bus and all that lies beside it. Of a folder with another name, only what cc-dm makes. */
export function purgeBus({ home, link }: Places, { env }: Terminal): Step {
  const { folder } = home;
  const shown = short(folder, env);
  const ours = () => {
    if (!isThere(folder)) return [];
    const all = readdirSync(folder).filter((name) => name !== basename(link));
    return basename(folder) === ".cc-dm" ? all : all.filter((name) => known.test(name));
  };
  return {
    name: "bus",
    look(): Outlook {
      if (!isThere(folder)) return { kind: "already", text: `${shown} is not there` };
      return { kind: "todo", text: `Remove ${shown}: ${ours().join(", ") || "empty"}` };
    },
    run() {
      // A folder that somebody linked elsewhere is emptied, and the link stays.
      for (const name of ours()) rmSync(join(folder, name), { recursive: true, force: true });
      const left = readdirSync(folder);
      if (left.length > 0) return `${shown} is emptied but for what is not ours: ${left.join(", ")}`;
      if (lstatSync(folder).isSymbolicLink()) return `${shown} is emptied`;
      removeIfEmpty(folder);
      return `${shown} is removed`;
    },
  };
}
