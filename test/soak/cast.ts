import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Kind, Order, Spec, Word } from "./client/spec.ts";

/** A name of the soak, through all its runs. */
export interface Member {
  readonly name: string;
  readonly kind: Kind;
  readonly project: string | null;
  readonly state: () => "down" | "starting" | "up";
  /** The run there is, or was last. */
  readonly run: () => Run | null;
  /** Starts it; resolves when it is on the bus, or failed. */
  start(): Promise<void>;
}

export interface Run {
  readonly clientPid: number;
  readonly serverPid: () => number | null;
  /** When its server was killed under it. */
  deafSince: number | null;
  /** Somebody sees to it that the name is started again. */
  restarting: boolean;
  tell(order: Order): void;
  readonly gone: Promise<unknown>;
}

export interface Casting {
  readonly name: string;
  readonly kind: Kind;
  readonly project: string | null;
  readonly home: string;
  readonly plugin: string;
  /** Something that must not happen: a start that failed, or a name that became a variant. */
  readonly complain: (what: string) => void;
}

const patienceMs = 20_000;

export function member({ name, kind, project, home, plugin, complain }: Casting): Member {
  let current: Run | null = null;
  let state: ReturnType<Member["state"]> = "down";
  let count = 0;
  mkdirSync(join(home, "work", name), { recursive: true });

  async function start(): Promise<void> {
    state = "starting";
    const spec: Spec = { name, kind, project, run: ++count, home, plugin };
    let serverPid: number | null = null;
    const child = Bun.spawn(
      [process.execPath, join(import.meta.dir, "client", "main.ts"), JSON.stringify(spec)],
      {
        env: { PATH: process.env.PATH ?? "", HOME: home },
        cwd: join(home, "work", name),
        stdin: "pipe",
        stdout: "pipe",
        stderr: "inherit",
      },
    );
    const joined = Promise.withResolvers<void>();
    const run: Run = {
      clientPid: child.pid,
      serverPid: () => serverPid,
      deafSince: null,
      restarting: false,
      tell(order) {
        try {
          child.stdin.write(`${JSON.stringify(order)}\n`);
          child.stdin.flush();
        } catch {} // it was killed a moment ago
      },
      gone: child.exited,
    };
    current = run;
    async function listen(): Promise<void> {
      let rest = "";
      const decoder = new TextDecoder();
      for await (const chunk of child.stdout) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) hear(JSON.parse(line) as Word);
      }
    }
    function hear(word: Word): void {
      if (word.say === "failed") complain(`${name} (run ${spec.run}) failed: ${word.why}`);
      else {
        serverPid = word.serverPid;
        if (word.name !== name) complain(`${name} (run ${spec.run}) became "${word.name}"`);
        state = "up";
      }
      joined.resolve();
    }
    void listen();
    void child.exited.then(() => {
      if (current === run) state = "down";
      joined.resolve();
    });
    const slow = setTimeout(() => complain(`${name} (run ${spec.run}) did not join in time`), patienceMs);
    await joined.promise;
    clearTimeout(slow);
  }

  return { name, kind, project, state: () => state, run: () => current, start };
}
