/** A program's stdin and stdout as MCP sees them. */
export interface Wire {
  readonly pid: number;
  request(method: string, params: unknown): Promise<unknown>;
  /** Ends the server's stdin and waits until it has left, as it must. */
  close(): Promise<void>;
}

export interface Connecting {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly onNotification: (method: string, params: unknown, at: number) => void;
}

interface Incoming {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const patienceMs = 5_000;

/**
 * The client's side of MCP over stdio, no more than a bench needs. The SDK's `Client` checks every line
 * three times with zod: 146 µs per message sent and received, this 35. On a machine with two processors
 * that alone would have been a quarter of what is measured.
 */
export async function connect({ command, env, cwd, onNotification }: Connecting): Promise<Wire> {
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;
  const child = Bun.spawn([...command], {
    env: { ...env },
    cwd,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });

  function send(message: object): void {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    child.stdin.flush();
  }
  function request(method: string, params: unknown): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    open.set(++count, answer);
    send({ id: count, method, params });
    return answer.promise;
  }
  function receive({ id, method, params, result, error }: Incoming, at: number): void {
    if (method !== undefined) {
      if (id === undefined) onNotification(method, params, at);
      else if (method === "ping") send({ id, result: {} });
      else send({ id, error: { code: -32601, message: "Method not found" } });
      return;
    }
    const answer = open.get(Number(id));
    open.delete(Number(id));
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(error.message));
  }
  async function read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of child.stdout) {
      const at = performance.now();
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) receive(JSON.parse(line), at);
    }
    for (const answer of open.values()) answer.reject(new Error("the server left"));
  }

  const reading = read();
  await request("initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "cc-dm-bench", version: "1" },
  });
  send({ method: "notifications/initialized" });
  return {
    pid: child.pid,
    request,
    async close() {
      child.stdin.end();
      const slow = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      await Promise.all([child.exited, reading]);
      clearTimeout(slow);
    },
  };
}
