import type { Call, Contender } from "./contender.ts";
import { connect, type Wire } from "./wire.ts";

export interface Peer {
  readonly name: string;
  readonly pid: number;
  /** Milliseconds from starting the process to the answer of `initialize`. */
  readonly startedInMs: number;
  /** @throws if the server refuses. */
  call(call: Call): Promise<unknown>;
  close(): Promise<void>;
}

export interface Joining {
  readonly contender: Contender;
  readonly home: string;
  readonly name: string;
  /** @param at `performance.now()` of this process, where the calls start too: one clock for both ends. */
  readonly onText?: (text: string, at: number) => void;
}

/** Starts one session as a client does: a process, and MCP over its stdin and stdout. */
export async function join({ contender, home, name, onText }: Joining): Promise<Peer> {
  const { command, args, env } = contender.launch({ home, name });
  const before = performance.now();
  const wire: Wire = await connect({
    command: [command, ...args],
    env: { PATH: process.env.PATH ?? "", ...env },
    cwd: home,
    onNotification(method, params, at) {
      const text = contender.textIn(method, params);
      if (text !== null) onText?.(text, at);
    },
  });
  return {
    name,
    pid: wire.pid,
    startedInMs: performance.now() - before,
    async call({ tool, args: given }) {
      const result = await wire.request("tools/call", { name: tool, arguments: given });
      if ((result as { isError?: boolean }).isError === true) throw new Error(JSON.stringify(result));
      return result;
    },
    close: wire.close,
  };
}
