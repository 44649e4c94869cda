import { writeSync } from "node:fs";

/** What a full screen tells the program that has it. */
export interface ScreenEvents {
  /** What keys send, in pieces as they come. */
  readonly input: (text: string) => void;
  /** Another size, or drawn over by somebody: everything is to be drawn anew. */
  readonly changed: () => void;
  /** The keyboard is gone. */
  readonly ended: () => void;
  /** An error that nobody caught. */
  readonly failed: (error: unknown) => void;
}

/** The whole terminal, until it is given back. */
export interface Screen {
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly write: (text: string) => void;
  /** Gives the terminal back for as long as this program is stopped, as by Ctrl-Z. */
  readonly suspend: () => void;
  /** Gives it back as it was; more than once does no harm. */
  readonly leave: () => void;
}

// A screen of its own; no cursor; no line that runs on into the next; pastes told from keys.
const enter = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h\u001b[2J";
const restore = "\u001b[?2004l\u001b[?7h\u001b[0m\u001b[?25h\u001b[?1049l";
const usual = { columns: 80, rows: 24 };

/** Takes the terminal of this process. Whatever ends it, the terminal is given back first, `kill -9` excepted. */
export function takeScreen({ input, changed, ended, failed }: ScreenEvents): Screen {
  const { stdin, stdout } = process;
  const state = { taken: false, left: false };

  function take(): void {
    if (state.taken || state.left) return;
    state.taken = true;
    stdin.setRawMode(true);
    stdin.resume();
    stdout.write(enter);
  }
  function giveBack(): void {
    if (!state.taken) return;
    state.taken = false;
    try {
      // At once: the process may be at its very end.
      writeSync(stdout.fd, restore);
    } catch {} // the terminal itself is gone
    try {
      stdin.setRawMode(false);
    } catch {}
  }
  const read = (chunk: Buffer) => input(decoder.decode(chunk, { stream: true }));
  const decoder = new TextDecoder();
  const crash = (error: unknown) => {
    giveBack();
    failed(error);
  };
  const continued = () => {
    if (state.left) return;
    state.taken = false; // a shell may have set the terminal otherwise meanwhile
    take();
    changed();
  };
  const drop = () => {
    if (state.taken) ended();
  };

  stdin.on("data", read);
  stdin.on("end", drop);
  stdin.on("close", drop);
  stdin.on("error", drop);
  stdout.on("resize", changed);
  process.on("SIGCONT", continued);
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  process.on("exit", giveBack);
  take();

  return {
    size: () => ({ columns: stdout.columns || usual.columns, rows: stdout.rows || usual.rows }),
    write: (text) => void (state.taken && stdout.write(text)),
    suspend() {
      giveBack();
      // The whole job, as the terminal itself would do it. Where no shell is there to continue it, nothing stops.
      process.kill(0, "SIGTSTP");
      process.nextTick(continued);
    },
    leave() {
      if (state.left) return;
      state.left = true;
      giveBack();
      stdin.off("data", read).off("end", drop).off("close", drop).off("error", drop);
      stdin.pause();
      stdin.unref?.();
      stdout.off("resize", changed);
      process.off("SIGCONT", continued);
      process.off("uncaughtException", crash);
      process.off("unhandledRejection", crash);
      process.off("exit", giveBack);
    },
  };
}
