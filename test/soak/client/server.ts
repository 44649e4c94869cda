export interface Told {
  readonly text: string;
  readonly isError: boolean;
}

/** A server process, as a client sees it over stdio. */
export interface Server {
  readonly pid: number;
  /** @throws if the server left before it answered, or (after a cancellation) did not answer in time. */
  call(tool: string, args: Readonly<Record<string, unknown>>, patienceMs?: number): Promise<Told>;
  readonly gone: Promise<unknown>;
  /** Closes its stdin and waits until it has left. */
  close(): Promise<unknown>;
}

export interface Starting {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly onChannel: (content: string) => void;
  /** The server asks whether everything written so far was read; the answer follows. */
  readonly onPing: () => void;
}

interface Incoming {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly content?: string };
  readonly result?: { readonly content?: { readonly text?: string }[]; readonly isError?: boolean };
  readonly error?: { readonly message: string };
}

/** Starts a server as a client does: a process, MCP over its stdin and stdout. */
export async function start({ command, env, cwd, onChannel, onPing }: Starting): Promise<Server> {
  const open = new Map<number, PromiseWithResolvers<Told>>();
  let count = 0;
  let left = false;
  const child = Bun.spawn([...command], {
    env: { ...env },
    cwd,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });

  function send(message: object): void {
    try {
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
      child.stdin.flush();
    } catch {} // it is gone: `gone` says so
  }

  async function request(method: string, params: object, patienceMs?: number): Promise<Told> {
    const id = ++count;
    const answer = Promise.withResolvers<Told>();
    if (left) answer.reject(new Error("the server left"));
    open.set(id, answer);
    send({ id, method, params });
    const timer =
      patienceMs === undefined
        ? null
        : setTimeout(() => {
            send({ method: "notifications/cancelled", params: { requestId: id, reason: "timeout" } });
            answer.reject(new Error("not answered in time"));
          }, patienceMs);
    return answer.promise.finally(() => {
      open.delete(id);
      if (timer !== null) clearTimeout(timer);
    });
  }

  function receive({ id, method, params, result, error }: Incoming): void {
    if (method === "notifications/claude/channel") onChannel(params?.content ?? "");
    else if (method === "ping") {
      onPing();
      send({ id, result: {} });
    } else if (method !== undefined) {
      if (id !== undefined) send({ id, error: { code: -32601, message: "Method not found" } });
    } else {
      const answer = open.get(Number(id));
      if (error !== undefined) answer?.reject(new Error(error.message));
      else answer?.resolve({ text: result?.content?.[0]?.text ?? "", isError: result?.isError === true });
    }
  }

  async function listen(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of child.stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) receive(JSON.parse(line) as Incoming);
    }
    left = true;
    for (const answer of open.values()) answer.reject(new Error("the server left"));
  }

  const gone = Promise.all([listen(), child.exited]);
  await request("initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "cc-dm-soak", version: "1" },
  });
  send({ method: "notifications/initialized" });
  await request("tools/list", {}); // as every client does: only then is the session ready
  return {
    pid: child.pid,
    call: (name, args, patienceMs) => request("tools/call", { name, arguments: args }, patienceMs),
    gone,
    close() {
      void child.stdin.end();
      return gone;
    },
  };
}
