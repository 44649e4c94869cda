import { Database } from "bun:sqlite";
import { afterEach, beforeEach, setDefaultTimeout } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill, runningWith, until } from "./processes.ts";
import { type Program, program } from "./program.ts";
import { cleanEnv, connect, type Launch, serverCommand, type TestSession } from "./session.ts";

const beside = join(import.meta.dir, "..", "mcp", "beside");

export interface Start {
  /** `CC_DM_SESSION_NAME`, and its folder's name unless one is given. */
  readonly name?: string;
  readonly role?: string;
  readonly project?: string;
  /** Channel events on. Without them mail waits for `inbox`. */
  readonly channel?: boolean;
  /** Folder it works in, below the test's own. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** It lives by a clock that `turnClock` moves, not by the machine's alone. */
  readonly clock?: boolean;
  /** The server's file, where it is another than this work tree's. */
  readonly server?: string;
  /** Words before the server's command, such as a shell that sets a umask first. */
  readonly through?: readonly string[];
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A bus of the test's own, in a temporary folder, and every process on it. */
export interface TestBus {
  readonly folder: string;
  /** `CC_DM_HOME` */
  readonly home: string;
  readonly file: string;
  path(...names: readonly string[]): string;
  start(start?: Start): Promise<TestSession>;
  /** Starts sessions of these names at once, with channel events. */
  startAll<const N extends readonly string[]>(...names: N): Promise<{ [K in keyof N]: TestSession }>;
  /** Starts a server without a client, to speak to it in bytes. */
  spawn(start?: Start): Program;
  /** Runs a server that is expected to end by itself, with its stdin held open. */
  run(start?: Start): Promise<Ran>;
  /** Runs a program of `test/mcp/beside` until the test ends. */
  beside(file: string, ...args: readonly string[]): Program;
  /** Moves the clocks of servers that live by it, away from the machine's. A clock that is set moves the wall alone. */
  turnClock(by: { readonly wallMs: number; readonly upMs: number }): void;
  /** Opens the file past the servers, as a stranger would. Closed when the test ends. */
  open(): Database;
}

/** Call it at the top of a file: every test there gets a fresh bus, and must leave nothing running. */
export function testBus(): TestBus {
  setDefaultTimeout(30_000); // holds for the file that is being loaded
  let folder = "";
  let sessions: TestSession[] = [];
  let children: Bun.Subprocess[] = [];
  let files: Database[] = [];

  beforeEach(() => {
    // Short, because a socket's path has 100 bytes at most; real, because servers see it so.
    folder = realpathSync(mkdtempSync(join(tmpdir(), "dm-")));
    mkdirSync(join(folder, "me"));
    bus.turnClock({ wallMs: 0, upMs: 0 });
    sessions = [];
    children = [];
    files = [];
  });

  afterEach(async () => {
    for (const file of files) file.close();
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.exited));
    for (const session of sessions) session.kill("SIGCONT");
    const stops = await Promise.allSettled(sessions.map((session) => session.stop()));
    const late = stops.flatMap((stop) => (stop.status === "rejected" ? [String(stop.reason)] : []));
    // Children of a wrapper are no children of ours; they need a moment more.
    await until("nothing runs", () => runningWith(`CC_DM_HOME=${folder}`).length === 0, 2_000).catch(
      () => {},
    );
    const left = runningWith(`CC_DM_HOME=${folder}`);
    for (const { pid } of left) kill(pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    const complaints = [...late, ...left.map(({ pid, command }) => `left running: ${pid} ${command}`)];
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
  });

  function launch({
    name,
    role,
    project,
    channel,
    folder: at,
    env = {},
    args = [],
    clock = false,
    through = [],
    server: file,
  }: Start = {}): Launch {
    const [bun = "", ...usual] = serverCommand();
    const server = file === undefined ? usual : [file];
    const before = clock ? ["--preload", join(beside, "clock.ts")] : [];
    const cwd = join(folder, at ?? name ?? "work");
    mkdirSync(cwd, { recursive: true });
    const identity = {
      ...(clock ? { CC_DM_TEST_CLOCK: join(folder, "clock.json") } : {}),
      CC_DM_HOME: join(folder, "bus"),
      ...(name === undefined ? {} : { CC_DM_SESSION_NAME: name }),
      ...(role === undefined ? {} : { CC_DM_SESSION_ROLE: role }),
      ...(project === undefined ? {} : { CC_DM_SESSION_PROJECT: project }),
      ...(channel === true ? { CC_DM_CHANNEL: "on" } : {}),
    };
    return {
      command: [...through, bun, ...before, ...server, ...args],
      env: cleanEnv(join(folder, "me"), { ...identity, ...env }),
      cwd,
    };
  }

  const bus: TestBus = {
    get folder() {
      return folder;
    },
    get home() {
      return join(folder, "bus");
    },
    get file() {
      return join(folder, "bus", "bus.db");
    },
    path: (...names) => join(folder, ...names),
    async start(start) {
      const session = await connect(launch(start));
      sessions.push(session);
      return session;
    },
    async startAll(...names) {
      return (await Promise.all(names.map((name) => bus.start({ name, channel: true })))) as never;
    },
    spawn(start) {
      const { command, env, cwd } = launch(start);
      const child = Bun.spawn([...command], { env, cwd, stdin: "pipe", stdout: "pipe", stderr: "ignore" });
      children.push(child);
      return program(child, "the server");
    },
    async run(start) {
      const { command, env, cwd } = launch(start);
      const child = Bun.spawn([...command], { env, cwd, stdin: "pipe", stdout: "pipe", stderr: "pipe" });
      children.push(child);
      const [stdout, stderr, code] = await Promise.all([
        child.stdout.text(),
        child.stderr.text(),
        child.exited,
      ]);
      return { code, stdout, stderr };
    },
    beside(file, ...args) {
      const env = cleanEnv(join(folder, "me"), { CC_DM_HOME: join(folder, "bus") });
      const words = [process.execPath, join(beside, file), ...args];
      const child = Bun.spawn(words, { env, cwd: folder, stdin: "pipe", stdout: "pipe", stderr: "inherit" });
      children.push(child);
      return program(child, file);
    },
    turnClock({ wallMs, upMs }) {
      // Renamed over, so that nobody reads half of it.
      writeFileSync(join(folder, "clock.new"), JSON.stringify([wallMs, upMs]));
      renameSync(join(folder, "clock.new"), join(folder, "clock.json"));
    },
    open() {
      const file = new Database(bus.file, { readwrite: true });
      file.run("pragma busy_timeout = 5000");
      files.push(file);
      return file;
    },
  };
  return bus;
}
