/** Drives the tmux server at `socket`: the windows in which the clients run. */
export interface Terminal {
  /** Starts a command with exactly this environment, in a window of its own. Returns its pid. */
  open(window: string, start: { cwd: string; command: readonly string[] }): Promise<number>;
  /** Types a line and sends it off. */
  type(window: string, text: string): Promise<void>;
  /** Key names as tmux knows them: `Escape`, `Enter`, `C-c`. */
  press(window: string, ...keys: readonly string[]): Promise<void>;
  /** What stands on the screen now. */
  screen(window: string): Promise<string>;
  close(window: string): Promise<void>;
}

/** Typed text and Enter in one go is taken for a paste that goes on: the client then sends nothing. */
const beforeEnterMs = 250;

export function openTerminal(socket: string): Terminal {
  async function tmux(...args: readonly string[]): Promise<string> {
    // -N: never start a server of its own, whose clients would be outside the network namespace.
    const run = Bun.spawn(["tmux", "-N", "-S", socket, ...args], { stdout: "pipe", stderr: "pipe" });
    const [out, problem] = await Promise.all([run.stdout.text(), run.stderr.text()]);
    if ((await run.exited) !== 0) throw new Error(`tmux ${args.join(" ")}: ${problem.trim()}`);
    return out;
  }
  // "=name:" is that session and no other: a bare name is also taken for the start of a longer one.
  const at = (window: string) => ["-t", `=${window}:`] as const;

  /** How often the end of a text stands on the screen; a client wraps it as it likes. */
  async function stands(window: string, text: string): Promise<number> {
    const end = text.replace(/\s/g, "").slice(-30);
    return (await terminal.screen(window)).replace(/\s/g, "").split(end).length - 1;
  }

  /** A busy machine's client may be behind; it shows long texts otherwise. */
  async function appeared(window: string, text: string, before: number): Promise<void> {
    for (const deadline = performance.now() + 5_000; performance.now() < deadline; await Bun.sleep(50)) {
      if ((await stands(window, text)) > before) return;
    }
  }

  const terminal: Terminal = {
    async open(window, { cwd, command }) {
      const size = ["-x", "160", "-y", "50"];
      const format = ["-P", "-F", "#{pane_pid}"];
      const out = await tmux("new-session", "-d", "-s", window, ...size, ...format, "-c", cwd, ...command);
      return Number(out.trim());
    },
    async type(window, text) {
      const before = await stands(window, text); // it may have been typed before
      await tmux("send-keys", ...at(window), "-l", text);
      await appeared(window, text, before);
      await Bun.sleep(beforeEnterMs);
      await tmux("send-keys", ...at(window), "Enter");
    },
    press: async (window, ...keys) => void (await tmux("send-keys", ...at(window), ...keys)),
    screen: async (window) => (await tmux("capture-pane", "-p", ...at(window))).trimEnd(),
    close: async (window) => void (await tmux("kill-session", ...at(window))),
  };
  return terminal;
}
