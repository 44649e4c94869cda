/** A terminal window of a person: a tmux server that no process of the test is above. */
import { afterEach } from "bun:test";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../support/processes.ts";
import { cleanEnv } from "../support/session.ts";

export interface Ended {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface Window {
  /** Runs a shell line whose input is this window's terminal, and whose output is kept. */
  run(line: string, env: Readonly<Record<string, string>>): Promise<Ended>;
  /** Runs a shell line that has the window for itself. */
  show(line: string, env: Readonly<Record<string, string>>): Promise<Shown>;
}

export interface Shown {
  /** What stands there, once that fits. */
  screen(fits: (text: string) => boolean): Promise<string>;
  press(...keys: readonly string[]): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Closes the window. */
  close(): Promise<void>;
  /** How the terminal stands: on a screen of a program's own, its cursor shown, lines running on. */
  modes(): Promise<{ readonly alternate: boolean; readonly cursor: boolean; readonly wrap: boolean }>;
  /** Its exit code. */
  readonly ended: Promise<number>;
}

export const hasWindows = Bun.which("tmux") !== null && process.platform === "linux";

/** Call it at the top of a file: every test gets windows of its own, gone after it. */
export function windows(): Window {
  let folder = "";
  let count = 0;

  async function tmux(...args: readonly string[]): Promise<string> {
    const child = Bun.spawn(["tmux", "-f", "/dev/null", "-S", join(folder, "tmux"), ...args], {
      env: cleanEnv(folder, { TERM: "xterm-256color" }),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    if ((await child.exited) !== 0) throw new Error(`tmux ${args.join(" ")}: ${err}`);
    return out;
  }

  /** Runs a script in a new window. @returns its number, once it runs. */
  async function open(
    wrap: (name: string) => string,
    env: Readonly<Record<string, string>>,
    after = "",
  ): Promise<number> {
    if (folder === "") {
      folder = mkdtempSync(join(tmpdir(), "win-"));
      await tmux("start-server", ";", "set-option", "-g", "exit-empty", "off");
    }
    const n = ++count;
    const file = join(folder, `${n}.sh`);
    const settings = Object.entries(env).map(([key, value]) => `export ${key}='${value}'`);
    const done = `echo $? > ${file}.new; mv ${file}.new ${join(folder, `${n}.exit`)}`;
    writeFileSync(file, `${[...settings, wrap(join(folder, String(n))), done, after].join("\n")}\n`);
    await tmux("new-session", "-d", "-s", `w${n}`, "-x", "110", "-y", "30", "sh", file);
    return n;
  }

  const read = (n: number, what: string) => {
    try {
      return readFileSync(join(folder, `${n}.${what}`), "utf8");
    } catch {
      return "";
    }
  };
  async function exitOf(n: number): Promise<number> {
    await until(`window ${n} ends; it says ${read(n, "err")}`, () => read(n, "exit") !== "", 12_000);
    return Number(read(n, "exit"));
  }

  afterEach(async () => {
    if (folder === "") return;
    await tmux("kill-server");
    rmSync(folder, { recursive: true, force: true });
    folder = "";
  });

  return {
    async run(line, env) {
      const n = await open((name) => `( ${line}\n) >${name}.out 2>${name}.err`, env);
      return { exit: await exitOf(n), out: read(n, "out"), err: read(n, "err") };
    },
    async show(line, env) {
      // Ctrl-C reaches the shell too; and the screen must not go before it was read.
      const n = await open(() => `trap : INT\n${line}`, env, "exec env -i sleep 60");
      return {
        async screen(fits) {
          let text = "";
          await until(`the screen fits: ${fits}`, async () => {
            text = await tmux("capture-pane", "-p", "-t", `=w${n}:`);
            return fits(text);
          }).catch((error: Error) => {
            throw new Error(`${error.message}\n${text}`);
          });
          return text;
        },
        press: async (...keys) => void (await tmux("send-keys", "-t", `=w${n}:`, ...keys)),
        resize: async (columns, rows) =>
          void (await tmux("resize-window", "-t", `=w${n}:`, "-x", String(columns), "-y", String(rows))),
        close: async () => void (await tmux("kill-session", "-t", `=w${n}`)),
        async modes() {
          const format = "#{alternate_on} #{cursor_flag} #{wrap_flag}";
          const text = await tmux("display-message", "-p", "-t", `=w${n}:`, format);
          const [alternate, cursor, wrap] = text
            .trim()
            .split(" ")
            .map((flag) => flag === "1");
          return { alternate: alternate === true, cursor: cursor === true, wrap: wrap === true };
        },
        get ended() {
          return exitOf(n);
        },
      };
    },
  };
}

/** Writes a script whole or not at all. */
export function scriptFile(path: string, text: string): string {
  writeFileSync(`${path}.new`, `${text}\n`);
  renameSync(`${path}.new`, path);
  return path;
}
