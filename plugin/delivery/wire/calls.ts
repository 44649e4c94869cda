import type { Stdio } from "./stdio.ts";

/** `params` of a `tools/call`. */
export interface CallParams {
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** What a line may hold; nothing of it has been checked. */
interface Line {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
}

type Id = string | number;

const internalError = -32603;
// How many calls that were answered can still turn out to have been cancelled.
const mostAnswered = 32;

interface Call {
  readonly cancelled: AbortController;
  readonly dropped: AbortController;
}

/** What becomes of a call. */
export interface CallSignals {
  /** Cancelled before it was answered. */
  readonly cancelled: AbortSignal;
  /** Cancelled before the client had read an answer: it drops what comes, or has come. */
  readonly dropped: AbortSignal;
}

/**
 * Answers tool calls past the SDK, which checks each with zod several times on its way in and out: 0.4 of
 * the 3 ms that a message takes, and a quarter of what sending it costs under load. What is not plainly a
 * tool call goes to the SDK, which tells what is wrong with it.
 */
export function callsPast<Message extends object>(
  transport: Stdio<Message>,
  call: (params: CallParams, signals: CallSignals) => Promise<Record<string, unknown>>,
): void {
  const open = new Map<unknown, Call>();
  const answered = new Map<unknown, Call>(); // of late, the longest ago first
  const pass = transport.onmessage;

  async function answer(id: Id, params: CallParams): Promise<void> {
    const one: Call = { cancelled: new AbortController(), dropped: new AbortController() };
    const { signal: cancelled } = one.cancelled;
    open.set(id, one);
    const outcome = await call(params, { cancelled, dropped: one.dropped.signal }).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: { code: internalError, message: String(error) } }),
    );
    if (open.get(id) === one) {
      open.delete(id);
      answered.delete(id); // an earlier one of that id: this one goes to the end
      answered.set(id, one);
      if (answered.size > mostAnswered) answered.delete(answered.keys().next().value);
    }
    // Of a call that was cancelled nobody wants to hear.
    if (!cancelled.aborted) await transport.send({ jsonrpc: "2.0", id, ...outcome } as object as Message);
  }

  transport.onmessage = (message) => {
    const { jsonrpc, id, method, params } = message as Line;
    if (jsonrpc === "2.0" && method === "tools/call" && isId(id) && isCall(params)) {
      void answer(id, params);
      return;
    }
    if (method === "notifications/cancelled") {
      const of = (params as { requestId?: unknown })?.requestId;
      open.get(of)?.cancelled.abort();
      (open.get(of) ?? answered.get(of))?.dropped.abort();
    }
    pass?.(message);
  };
}

function isId(id: unknown): id is Id {
  return typeof id === "string" || typeof id === "number";
}

function isCall(params: unknown): params is CallParams {
  const { name, arguments: args, _meta: meta, task } = (params ?? {}) as Record<string, unknown>;
  return typeof name === "string" && task === undefined && isAbsentOrRecord(args) && isAbsentOrRecord(meta);
}

function isAbsentOrRecord(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value));
}
