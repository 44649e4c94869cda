import { spawnSync } from "node:child_process";
import { DmError } from "../../core/errors.ts";
import type { Env } from "../../core/home.ts";

export interface Pane {
  readonly title: string;
  /** At least two: tmux gives a single one to a shell, and runs several as they are. */
  readonly words: readonly [string, string, ...string[]];
}

export interface Layout {
  readonly session: string;
  /** Tells a team from a session of the same name. */
  readonly mark: string;
  /** Where tmux is started, and with it every pane: `-c` would take a folder's name for a format, commands included. */
  readonly folder: string;
  readonly panes: readonly Pane[];
  /** A window each, and not one window for all. */
  readonly windows: boolean;
}

export interface Running {
  readonly session: string;
  readonly titles: readonly string[];
  /** Somebody else is at it. */
  readonly opening: boolean;
}

type Words = readonly string[];
type Run = (...commands: Words[]) => { readonly exit: number; readonly out: string; readonly err: string };

export interface Tmux {
  /** The program. */
  readonly file: string;
  /** The session of a team, if it runs. */
  find(mark: string): Running | null;
  /** Of all its sessions. */
  names(): readonly string[];
  /** @returns false if that name is taken. @throws DmError `tmux_failed`; then nothing of it is left. */
  open(layout: Layout): boolean;
  /** Opens panes in a session that runs, a window each. */
  add(layout: Layout): void;
  switchTo(session: string): void;
}

const option = { mark: "@cc_dm_team", title: "@cc_dm_title", opening: "@cc_dm_opening" } as const;

/** Without going there, and telling the new pane's id. */
const quietly = ["-d", "-P", "-F", "#{pane_id}"];

export function tmux(file: string, env: Env, cwd: string): Tmux {
  // Several commands at once are one to other clients of the server: none sees a part of them done.
  const run: Run = (...commands) => {
    const words = commands.flatMap((args, i) => [...(i === 0 ? [] : [";"]), ...args.map(literal)]);
    const { status, stdout, stderr, error } = spawnSync(file, words, {
      env: { ...env },
      cwd,
      encoding: "utf8",
    });
    return { exit: status ?? -1, out: stdout ?? "", err: (stderr ?? "").trim() || String(error ?? "") };
  };
  const must = (...commands: Words[]): string => {
    const { exit, out, err } = run(...commands);
    if (exit !== 0) throw new DmError("tmux_failed", `tmux ${commands[0]?.[0]} failed: ${err}`);
    return out.trim();
  };
  const name = (pane: string, title: string) =>
    void must(["set-option", "-p", "-t", pane, option.title, title]);

  function window({ session }: Layout, { title, words }: Pane): void {
    const opened = must(["new-window", ...quietly, "-t", `=${session}:`, "-n", title, ...words]);
    name(opened, title);
    dress(opened);
  }

  /** What shows the panes' names, for the window of this one. */
  function dress(pane: string): void {
    for (const [key, value] of [
      ["pane-border-status", "top"],
      // A client sets the pane's own title as it likes.
      ["pane-border-format", ` #{${option.title}} `],
      ["automatic-rename", "off"],
      ["allow-rename", "off"],
    ] as const)
      must(["set-option", "-w", "-t", pane, key, value]);
  }

  return {
    file,
    find(mark) {
      const format = `#{${option.mark}} #{?${option.opening},opening,open} #{session_name}`;
      const { exit, out } = run(["list-sessions", "-F", format]);
      const line = exit === 0 ? out.split("\n").find((one) => one.startsWith(`${mark} `)) : undefined;
      if (line === undefined) return null;
      const [, state, session = ""] = line.split(" ");
      const titles = must(["list-panes", "-s", "-t", `=${session}:`, "-F", `#{${option.title}}`]);
      return { session, titles: titles.split("\n").filter(Boolean), opening: state === "opening" };
    },
    names() {
      const { exit, out } = run(["list-sessions", "-F", "#{session_name}"]);
      return exit === 0 ? out.split("\n") : []; // no server: no sessions
    },
    open(layout) {
      const { session, mark, windows } = layout;
      const [first, ...rest] = layout.panes;
      if (first === undefined) throw new DmError("tmux_failed", "A team needs a session.");
      const size = ["-x", "200", "-y", "50"];
      const title = windows ? first.title : "team";
      const shape = [...quietly, "-s", session, "-n", title, ...size];
      const set = ["set-option", "-t", `=${session}:`];
      const made = run(
        ["new-session", ...shape, ...first.words],
        [...set, option.mark, mark],
        [...set, option.opening, "1"],
      );
      if (made.exit !== 0 && /duplicate session/.test(made.err)) return false;
      if (made.exit !== 0) throw new DmError("tmux_failed", `tmux new-session failed: ${made.err}`);
      const pane = made.out.trim();
      try {
        name(pane, first.title);
        dress(pane);
        let last = pane;
        for (const next of rest) {
          if (windows) window(layout, next);
          else {
            last = must(["split-window", ...quietly, "-t", last, ...next.words]);
            name(last, next.title);
            // After each, or the room runs out; the log, which is last, gets a row of its own if one is left.
            must(["select-layout", "-t", last, "tiled"]);
          }
        }
        must([...set, "-u", option.opening]);
        return true;
      } catch (error) {
        run(["kill-session", "-t", `=${session}:`]);
        throw error;
      }
    },
    add(layout) {
      for (const pane of layout.panes) window(layout, pane);
    },
    switchTo: (session) => void must(["switch-client", "-t", `=${session}:`]),
  };
}

/** tmux takes a `;` at the end of a word for the end of its command. */
export function literal(word: string): string {
  return word.endsWith(";") ? `${word.slice(0, -1)}\\;` : word;
}
