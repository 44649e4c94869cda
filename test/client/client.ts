import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Heard, Match } from "./model.ts";
import { isAlive } from "./processes.ts";
import { binary } from "./versions.ts";
import type { World } from "./world.ts";

// Obviously nobody's key: the stand-in does not look at it, but the client wants one.
const key = "sk-ant-fake-0000-not-a-key-0000-for-tests-only";

/** Two seconds for one by itself; ten that start at once beside another file's take nearly ten, all of them. */
export const startMs = 60_000;

export interface Start {
  readonly version: string;
  /** Also its window and its path in the stand-in's log. */
  readonly name: string;
  /** The folder under the world in which its home is; clients may share one. Its own by default. */
  readonly home?: string;
  /** The folder it works in, below its home; made if absent. */
  readonly folder?: string;
  /** Loaded with `--plugin-dir`. Leave it out for a plugin that is installed in that home. */
  readonly plugin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What its screen shows while it is idle, if not the usual hint: a status line takes that one's place. */
  readonly idle?: string;
  /** What is started in place of the client's executable, with its arguments; it finds that in `CC_DM_CLIENT`. */
  readonly through?: readonly string[];
}

/** A running interactive client. */
export interface Client {
  readonly name: string;
  readonly pid: number;
  readonly home: string;
  type(text: string): Promise<void>;
  press(...keys: readonly string[]): Promise<void>;
  screen(): Promise<string>;
  /** As `Model.saw`; a failure shows the screen too. */
  saw(match: Match, options?: { timeoutMs?: number; after?: number }): Promise<Heard>;
  /** Waits until the screen shows it. */
  shows(match: string | RegExp, options?: { timeoutMs?: number }): Promise<void>;
  /** Waits until it has no turn running. */
  idle(): Promise<void>;
  /** Ends it the way a person does, with `/exit`. */
  exit(): Promise<void>;
}

export async function startClient(world: World, start: Start): Promise<Client> {
  const { name } = start;
  const { terminal, model } = world;
  const { home, cwd, command } = await prepare(world, start);
  const pid = await terminal.open(name, { cwd, command });

  const client: Client = {
    name,
    pid,
    home,
    type: (text) => terminal.type(name, text),
    press: (...keys) => terminal.press(name, ...keys),
    screen: () => terminal.screen(name),
    async saw(match, options) {
      try {
        return await model.saw(name, match, options);
      } catch (cause) {
        throw new Error(`${(cause as Error).message}\nIts screen:\n${await terminal.screen(name)}`);
      }
    },
    shows: (match, options) =>
      until(
        `show ${match}`,
        async () => {
          const screen = await terminal.screen(name);
          return typeof match === "string" ? screen.includes(match) : match.test(screen);
        },
        options?.timeoutMs,
      ),
    idle: () => client.shows(start.idle ?? "? for shortcuts"),
    async exit() {
      // Typed during a turn, it would wait in the input box.
      await client.idle();
      await terminal.type(name, "/exit");
      await until("exit", () => Promise.resolve(!isAlive(pid)));
      await terminal.close(name);
    },
  };
  await client.idle();
  return client;

  async function until(what: string, done: () => Promise<boolean>, timeoutMs = startMs): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await done())) {
      if (performance.now() > deadline) throw new Error(`${name} did not ${what}:\n${await client.screen()}`);
      await Bun.sleep(50);
    }
  }
}

/** Runs a command of the client's executable to its end: `claude -p`, `claude plugin …`. */
export async function runClient(world: World, start: Start) {
  const { cwd, command } = await prepare(world, start);
  const user = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];
  const enter = ["nsenter", "--target", String(world.pid), "--net", ...user];
  const run = Bun.spawn([...enter, ...command], { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, problem] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  return { exit: await run.exited, text: out + problem };
}

/** Makes its home and folder. @returns the command that starts it, with its environment. */
export async function prepare(
  world: World,
  start: Start,
): Promise<{ home: string; cwd: string; command: string[] }> {
  const home = join(world.folder, "homes", start.home ?? start.name);
  const cwd = join(home, start.folder ?? start.name);
  const temporary = join(world.folder, "tmp");
  await mkdir(cwd, { recursive: true });
  await mkdir(temporary, { recursive: true });
  await settle(home);
  const env = {
    HOME: home,
    PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    // Else it leaves a folder per working folder behind in /tmp, and refuses one that is not its own.
    TMPDIR: temporary,
    CLAUDE_CODE_TMPDIR: temporary,
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: world.url(start.name),
    // It would ask npm, once a minute and in vain.
    DISABLE_AUTOUPDATER: "1",
    CC_DM_HOME: world.bus,
    ...(start.through === undefined ? {} : { CC_DM_CLIENT: binary(start.version) }),
    ...start.env,
  };
  const plugin = start.plugin ? ["--plugin-dir", start.plugin] : [];
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return {
    home,
    cwd,
    command: [
      "env",
      "-i",
      ...assignments,
      ...(start.through ?? [binary(start.version)]),
      ...plugin,
      ...(start.args ?? ["--permission-mode", "default"]),
    ],
  };
}

/**
 * Answers beforehand what a first start asks: theme, the key, whether the folder is trusted (one below a
 * trusted one is). Once only: a running client writes the file too, and would drop what it did not know.
 */
async function settle(home: string): Promise<void> {
  const file = Bun.file(join(home, ".claude.json"));
  if (await file.exists()) return;
  const config = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [home]: { hasTrustDialogAccepted: true } },
  };
  await Bun.write(file, JSON.stringify(config));
}
