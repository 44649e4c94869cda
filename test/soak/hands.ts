import { isAlive, kill } from "../support/processes.ts";
import type { Member, Run } from "./cast.ts";
import type { Chance } from "./chance.ts";
import { hasHooks } from "./client/spec.ts";

/** What a hand did, by name; printed in the end. */
export type Deeds = Record<string, number>;

interface HandParts {
  readonly cast: readonly Member[];
  readonly chance: Chance;
  readonly deeds: Deeds;
}

function up({ cast }: HandParts): readonly Member[] {
  return cast.filter((one) => one.state() === "up");
}

/** Makes one session send something to others. */
export function write(parts: HandParts): void {
  const { cast, chance } = parts;
  const from = chance.pick(up(parts));
  const run = from?.run();
  if (from === undefined || run == null) return;
  // A new message reaches the own project; who has none reaches all.
  const others = cast.filter((to) => to !== from && (from.project === null || to.project === from.project));
  const to = chance.pick(others)?.name ?? "";
  const what = chance.weighted({ dm: 60, urgent: 8, low: 8, short: 4, burst: 4, reply: 14, broadcast: 1 });
  const dm = (more: object = {}) => run.tell({ do: "send", tool: "dm", args: { to, ...more } });
  if (what === "urgent" || what === "low") dm({ priority: what });
  else if (what === "short") dm({ ttl_s: 3 });
  else if (what === "reply") run.tell({ do: "reply", to });
  else if (what === "broadcast") run.tell({ do: "send", tool: "broadcast", args: {} });
  else for (let n = what === "burst" ? 10 : 1; n > 0; n--) dm();
}

/** Does one session some harm, and sees to it that it comes back. */
export function harm(parts: HandParts): void {
  const { chance, deeds } = parts;
  const victim = chance.pick(up(parts));
  const run = victim?.run();
  const serverPid = run?.serverPid();
  if (victim === undefined || run == null || serverPid == null || run.deafSince !== null) return;
  const hooked = hasHooks(victim.kind);
  const what = chance.weighted({
    "kill -9 server": 10,
    "kill -9 client": 8,
    "close client": 4,
    "stop server": 6,
    "stop client": 5,
    "kill hook": hooked ? 10 : 0,
    "client dies unproved": hooked ? 14 : 0,
    escape: hooked ? 5 : 0,
    clear: hooked ? 4 : 0,
  });
  deeds[what] = (deeds[what] ?? 0) + 1;
  const later = (most: number, then: () => void) => void setTimeout(then, chance.between(100, most));
  switch (what) {
    case "kill -9 server":
      kill(serverPid, "SIGKILL");
      run.deafSince = Date.now();
      // The client lives on without it for a while: its hook still drains.
      later(8_000, () => void restart(victim, run));
      return;
    case "kill -9 client":
      kill(run.clientPid, "SIGKILL");
      later(5_000, () => void restart(victim, run));
      return;
    case "close client":
      run.tell({ do: "leave" });
      later(5_000, () => void restart(victim, run));
      return;
    case "stop server":
      pause(serverPid, chance.between(300, 8_000));
      return;
    case "stop client":
      pause(run.clientPid, chance.between(300, 5_000));
      return;
    case "kill hook":
      run.tell({ do: "kill hook", afterMs: Math.round(chance.between(5, 120)) });
      return;
    case "client dies unproved":
      run.tell({ do: "die unproved" });
      void run.gone.then(() => later(5_000, () => void restart(victim, run)));
      return;
    case "escape":
    case "clear":
      run.tell({ do: what });
  }
}

function pause(pid: number, ms: number): void {
  kill(pid, "SIGSTOP");
  setTimeout(() => kill(pid, "SIGCONT"), ms);
}

/** The same name again, once nothing of the old run is left. */
export async function restart(who: Member, old: Run): Promise<void> {
  if (who.run() !== old || old.restarting) return; // somebody else does it
  old.restarting = true;
  const pids = [old.clientPid, old.serverPid()].filter((pid) => pid !== null);
  kill(old.clientPid, "SIGKILL");
  // A stopped server cannot notice that its client is gone.
  for (const pid of pids) kill(pid, "SIGCONT");
  await old.gone;
  for (let waited = 0; pids.some(isAlive) && waited < 10_000; waited += 50) await Bun.sleep(50);
  for (const pid of pids) if (isAlive(pid)) kill(pid, "SIGKILL");
  await who.start();
}
