import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Row, readRows } from "../soak/books.ts";
import { read } from "../soak/client/read.ts";
import { type Server, start as startServer } from "../soak/client/server.ts";
import type { Entry, Line } from "../soak/client/spec.ts";
import { kill, runningWith, until } from "../support/processes.ts";
import { type Account, balance } from "./balance.ts";

const root = join(import.meta.dir, "..", "..");
const points = join(import.meta.dir, "beside", "points.ts");
const clock = join(root, "test", "mcp", "beside", "clock.ts");

export interface Start {
  /** Channel events on; without them mail waits for `inbox`. */
  readonly channel?: boolean;
  /** Where it is to die: see beside/points.ts. */
  readonly point?: string;
  /** It lives by the clock of `turnClock`. */
  readonly clock?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the command: a shell that sets limits, a namespace. */
  readonly through?: readonly string[];
  /** Another server file than this repository's. */
  readonly server?: string;
}

/** One session: its server, and what its client wrote down. */
export interface Actor {
  readonly name: string;
  readonly server: Server;
  /** The text of every tool's answer so far: what it is told besides stands in whichever comes next. */
  readonly heard: readonly string[];
  /** Sends one message, and enters it in the books if the call says that it is sent. @returns its id, or null. */
  send(to: string, body?: string): Promise<string | null>;
  /** Takes what waits. @throws if refused. */
  inbox(): Promise<number>;
  /** The text of a tool's answer. */
  ask(tool: string, args?: Readonly<Record<string, unknown>>): Promise<string>;
  signal(signal: NodeJS.Signals): void;
}

/** A bus of its own, its sessions, and the books: what was promised, what was shown. */
export interface Stage extends AsyncDisposable {
  /** `CC_DM_HOME` */
  readonly home: string;
  readonly file: string;
  readonly folder: string;
  start(name: string, how?: Start): Promise<Actor>;
  /** Enters something into the books of a name. */
  note(name: string, entry: Entry): void;
  /** Enters every message in a text that the model of this name was given. */
  shown(name: string, text: string, path: string): readonly string[];
  /** The environment of a program on this bus. */
  env(more?: Readonly<Record<string, string>>): Record<string, string>;
  /** How many deliveries were shown to somebody so far. */
  showings(): number;
  /** How many processes died at this point, and of nothing else. */
  kills(point: string): number;
  /** Counts one more, where what killed it is known from elsewhere than beside/points.ts. */
  countKill(point: string): void;
  /** Deliveries as the bus has them. */
  rows(): readonly Row[];
  /** Waits until nothing is open, but for those who are absent. */
  drain(absent?: readonly string[], ms?: number): Promise<void>;
  account(absent?: readonly string[]): Account;
}

/**
 * @param at where CC_DM_HOME is, if not in a folder of the stage's own.
 * @param enter words before a command that is to see that folder.
 */
export function stage(at?: string, enter: readonly string[] = []): Stage {
  // Short, because a socket's path has 100 bytes at most.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "dmf-")));
  const home = at ?? join(folder, "bus");
  const file = join(home, "bus.db");
  const diaries = new Map<string, Line[]>();
  const runs = new Map<string, number>();
  const numbers = new Map<string, number>();
  const tally = join(folder, "kills");
  mkdirSync(tally);

  function env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].join(
        delimiter,
      ),
      HOME: join(folder, "me"),
      SHELL: "/bin/sh",
      CC_DM_HOME: home,
      CC_DM_TEST_STAGE: folder,
      CC_DM_TEST_CLOCK: join(folder, "clock.json"),
      ...more,
    };
  }

  function note(name: string, entry: Entry): void {
    const lines = diaries.get(name) ?? [];
    lines.push({ t: Date.now(), name, run: runs.get(name) ?? 1, ...entry });
    diaries.set(name, lines);
  }

  function shown(name: string, text: string, path: string): readonly string[] {
    const found = read(text);
    for (const { id, repeat } of found) note(name, { what: "shown", id, path, repeat });
    return found.map(({ id }) => id);
  }

  function rows(): readonly Row[] {
    if (enter.length === 0) return readRows(file);
    const words = [...enter, process.execPath, join(import.meta.dir, "beside", "rows.ts"), file];
    return JSON.parse(Bun.spawnSync(words).stdout.toString()) as readonly Row[];
  }

  const stages: Stage = {
    folder,
    home,
    file,
    note,
    shown,
    env,
    rows,
    kills: (point) => readdirSync(tally).filter((name) => name.startsWith(`${point}@`)).length,
    countKill: (point) => writeFileSync(join(tally, `${point}@${crypto.randomUUID()}`), ""),
    showings: () => [...diaries.values()].flat().filter(({ what }) => what === "shown").length,
    async start(name, how = {}) {
      runs.set(name, (runs.get(name) ?? 0) + 1);
      const cwd = join(folder, name);
      mkdirSync(cwd, { recursive: true });
      const preload = [
        ...(how.point === undefined ? [] : ["--preload", points]),
        ...(how.clock === true ? ["--preload", clock] : []),
      ];
      let unproved: string[] = [];
      const server = await startServer({
        command: [
          ...(how.through ?? []),
          process.execPath,
          ...preload,
          how.server ?? join(root, "dist", "server.js"),
        ],
        cwd,
        env: env({
          CC_DM_SESSION_NAME: name,
          ...(how.channel === true ? { CC_DM_CHANNEL: "on" } : {}),
          ...(how.point === undefined ? {} : { CC_DM_TEST_POINT: how.point }),
          ...how.env,
        }),
        onChannel: (text) => void unproved.push(...shown(name, text, "channel")),
        onPing() {
          if (unproved.length > 0) note(name, { what: "proved", ids: unproved, how: "read" });
          unproved = [];
        },
      });
      note(name, { what: "joined", as: name, serverPid: server.pid });
      void server.gone.finally(() => note(name, { what: "server gone" }));
      const heard: string[] = [];
      const call = async (tool: string, args: Readonly<Record<string, unknown>>) => {
        const answer = await server.call(tool, args);
        heard.push(answer.text);
        return answer;
      };
      const actor: Actor = {
        name,
        server,
        heard,
        async ask(tool, args = {}) {
          return (await call(tool, args)).text;
        },
        async send(to, body = "x") {
          const n = (numbers.get(name) ?? 0) + 1;
          numbers.set(name, n);
          const answer = await call("dm", { to, content: `${name} 1 ${n} ${body}` }).catch(() => ({
            text: "",
            isError: true,
          }));
          if (answer.isError) return null;
          const { message_id: id } = JSON.parse(answer.text) as { message_id: string };
          note(name, { what: "sent", n, id, to: [to] });
          return id;
        },
        async inbox() {
          const answer = await call("inbox", { limit: 100 });
          if (answer.isError) throw new Error(answer.text);
          const { messages } = JSON.parse(answer.text) as { messages: readonly { content: string }[] };
          const ids = messages.flatMap(({ content }) => shown(name, content, "pull"));
          unproved.push(...ids);
          return messages.length;
        },
        signal: (signal) => kill(server.pid, signal),
      };
      return actor;
    },
    async drain(absent = [], ms = 30_000) {
      const open = () =>
        rows().filter(({ state, to }) => ["queued", "handed"].includes(state) && !absent.includes(to));
      await until("nothing is under way", () => open().length === 0, ms).catch(() => {}); // the account tells
    },
    account: (absent = []) => balance({ rows: rows(), diaries, undone: [], absent: new Set(absent) }),
    async [Symbol.asyncDispose]() {
      for (const { pid } of runningWith(`CC_DM_TEST_STAGE=${folder}`)) kill(pid, "SIGKILL");
      await until("all have gone", () => runningWith(`CC_DM_TEST_STAGE=${folder}`).length === 0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stages;
}
