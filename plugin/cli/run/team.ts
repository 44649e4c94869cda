import { DmError } from "../../core/errors.ts";
import { setting } from "../../core/home.ts";
import { become } from "../../host/become.ts";
import { onPath } from "../../host/programs.ts";
import type { Terminal } from "../command.ts";
import { memberWords, type Team } from "./panes.ts";
import { commandLine } from "./quote.ts";
import { type Layout, type Running, type Tmux, tmux } from "./tmux.ts";

export interface Opened {
  readonly session: string;
  /** What was opened now; the others ran already. */
  readonly opened: readonly string[];
}

const lookAgainMs = 50;
// Whoever was at it has died. (To open sixteen panes takes 0.4 s.)
const patienceMs = 10_000;

/** Opens what of the team does not run yet. */
export async function openTeam({ clock }: Terminal, server: Tmux, layout: Layout): Promise<Opened> {
  for (const since = clock.up(); ; ) {
    // In this order: a session that comes in between is found, or its name is taken when we want it.
    const taken = server.names();
    const running = server.find(layout.mark);
    if (running?.opening && clock.up() - since < patienceMs) await clock.sleep(lookAgainMs);
    else if (running !== null) return fill(server, layout, running);
    else {
      const session = freeName(taken, layout.session);
      // Not if somebody else took it just now, perhaps for this very team.
      if (server.open({ ...layout, session }))
        return { session, opened: layout.panes.map(({ title }) => title) };
    }
  }
}

function fill(server: Tmux, layout: Layout, { session, titles }: Running): Opened {
  const panes = layout.panes.filter(({ title }) => !titles.includes(title));
  server.add({ ...layout, session, panes });
  return { session, opened: panes.map(({ title }) => title) };
}

function freeName(taken: readonly string[], name: string): string {
  for (let n = 1; ; n++) {
    const one = n === 1 ? name : `${name}-${n}`;
    if (!taken.includes(one)) return one;
  }
}

/** Hands the terminal to tmux, or turns the one it is in to the team. @returns the exit code. */
export async function goTo({ env }: Terminal, { file, switchTo }: Tmux, session: string, cwd: string) {
  if (setting(env, "TMUX") === undefined)
    return become({ file, words: ["attach-session", "-t", `=${session}:`], env, cwd });
  switchTo(session);
  return 0;
}

/** @throws DmError `no_tmux`, with what to type instead. */
export function tmuxFor({ env }: Terminal, team: Team, { folder }: Layout): Tmux {
  const [file] = onPath("tmux", env.PATH ?? "");
  if (file !== undefined) return tmux(file, env, folder);
  throw new DmError(
    "no_tmux",
    "A team opens in tmux, and there is none on the PATH. Install it (apt install tmux, brew install tmux), or type these, each in a terminal of its own:",
    { candidates: byHand(team) },
  );
}

/** What to type where there is no tmux. */
export function byHand({ asked, members }: Team): readonly string[] {
  return members.map(({ key }) => commandLine(["cc-dm", "run", ...memberWords(asked, key)]));
}
