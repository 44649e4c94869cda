import { type Queue, queue } from "./queue.ts";

/** A process with its stdin and stdout as lines. */
export interface Program {
  readonly pid: number;
  readonly lines: Queue<string>;
  readonly exited: Promise<number>;
  write(text: string): void;
  kill(): void;
  /** Closes its stdin and waits until it has gone. */
  end(): Promise<void>;
}

export function program(child: Bun.Subprocess<"pipe", "pipe", "ignore" | "inherit">, what: string): Program {
  const lines = queue<string>(`line of ${what}`);
  const decoder = new TextDecoder();
  const read = async () => {
    let rest = "";
    for await (const chunk of child.stdout) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) lines.add(line);
    }
  };
  read().catch(() => {}); // killed; what it said is there
  return {
    pid: child.pid,
    lines,
    exited: child.exited,
    write(text) {
      child.stdin.write(text);
      Promise.resolve(child.stdin.flush()).catch(() => {}); // it may leave before it has read all
    },
    kill: () => child.kill("SIGKILL"),
    async end() {
      Promise.resolve(child.stdin.end()).catch(() => {});
      await child.exited;
    },
  };
}
