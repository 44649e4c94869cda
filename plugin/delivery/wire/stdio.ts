import type { Clock } from "../../core/clock.ts";

export interface Stdio<Message extends object> {
  onmessage?: (message: Message) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
  start(): Promise<void>;
  /** Goes out with everything else that is sent in this turn of the event loop, in one write. */
  send(message: Message): Promise<void>;
  /** Out at once, in one write; resolves when the pipe has taken it. */
  sendNow(messages: readonly Message[]): Promise<void>;
  close(): Promise<void>;
  /** Resolves when nothing more comes in: the client hung up. */
  readonly ended: Promise<void>;
  /** Resolves when nothing can be written any more. */
  readonly broken: Promise<void>;
}

/**
 * MCP's lines over stdin and stdout, as a transport for the SDK. Its own one checks every line with zod
 * before its Protocol does the same, and writes each answer by itself; with 16 calls in flight that
 * is a fifth of what a send costs. Here a line is parsed once, and what is sent within one turn of the
 * event loop is one write. Bun's own streams, not `process.stdin` and `process.stdout`: a process that
 * echoed 150 lines took 25 ms of processor, and 56 with those.
 *
 * @param longest characters of a line; beyond, nothing sensible can follow and the wire closes.
 */
export function stdio<Message extends object>(clock: Clock, longest: number): Stdio<Message> {
  const decoder = new TextDecoder();
  const rest: string[] = [];
  let length = 0;
  // Reads from the beginning: who starts while the bus is locked must still notice that stdin ends.
  let early: Message[] | null = [];
  const input = Bun.stdin.stream().getReader();
  const output = Bun.stdout.writer();
  let outgoing = "";
  let flushed: Promise<void> | null = null;
  let [closed, broke] = [false, () => {}];
  const broken = new Promise<void>((resolve) => {
    broke = resolve;
  });

  async function listen(): Promise<void> {
    while (!closed) {
      const { done, value } = await input.read();
      if (done) return;
      receive(value);
    }
  }

  function receive(chunk: Uint8Array): void {
    const text = decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      read(rest.splice(0).join("") + text.slice(from, end));
      length = 0;
      from = end + 1;
    }
    rest.push(text.slice(from)); // joined once, when its end is there: a long line comes in many pieces
    length += text.length - from;
    if (length <= longest) return;
    transport.onerror?.(new Error(`a line of more than ${longest} characters`));
    void transport.close();
  }

  function read(line: string): void {
    if (line.trim() === "") return;
    try {
      const message: unknown = JSON.parse(line);
      if (typeof message !== "object" || message === null) throw new Error("not a JSON-RPC message");
      if (early !== null) early.push(message as Message);
      else transport.onmessage?.(message as Message);
    } catch (error) {
      transport.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Where the pipe is full it waits until the client reads. */
  async function flush(): Promise<void> {
    const text = outgoing;
    outgoing = "";
    flushed = null;
    if (text === "") return;
    try {
      // Above its buffer (8 kB) the write itself goes out, and it is the one that fails.
      await Promise.all([output.write(text), output.flush()]);
    } catch {
      broke();
    }
  }

  const transport: Stdio<Message> = {
    async start() {
      // The SDK sets its handlers before it starts us.
      const held = early ?? [];
      early = null;
      for (const message of held) transport.onmessage?.(message);
    },
    send(message) {
      outgoing += `${JSON.stringify(message)}\n`;
      flushed ??= new Promise((resolve) => clock.soon(() => void flush().then(resolve)));
      return flushed;
    },
    sendNow(messages) {
      for (const message of messages) outgoing += `${JSON.stringify(message)}\n`;
      return flush();
    },
    async close() {
      closed = true;
      rest.length = 0;
      transport.onclose?.();
    },
    // A pipe that fails is one that ended.
    ended: listen().catch(() => {}),
    broken,
  };
  return transport;
}
