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

/**
 * Answers tool calls past the SDK, which checks each with zod several times on its way in and out: 0.4 of
 * the 3 ms that a message takes, and a quarter of what sending it costs under load. What is not plainly a
 * tool call goes to the SDK, which tells what is wrong with it.
 */
export function callsPast<Message extends object>(
  transport: Stdio<Message>,
  call: (params: CallParams, signal: AbortSignal) => Promise<Record<string, unknown>>,
): void {
  const open = new Map<unknown, AbortController>();
  const pass = transport.onmessage;

  async function answer(id: Id, params: CallParams): Promise<void> {
    const aborter = new AbortController();
    open.set(id, aborter);
    const outcome = await call(params, aborter.signal).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: { code: internalError, message: String(error) } }),
    );
    if (open.get(id) === aborter) open.delete(id);
    // Of a call that was cancelled nobody wants to hear.
    if (!aborter.signal.aborted)
      await transport.send({ jsonrpc: "2.0", id, ...outcome } as object as Message);
  }

  transport.onmessage = (message) => {
    const { jsonrpc, id, method, params } = message as Line;
    if (jsonrpc === "2.0" && method === "tools/call" && isId(id) && isCall(params)) {
      void answer(id, params);
      return;
    }
    if (method === "notifications/cancelled")
      open.get((params as { requestId?: unknown })?.requestId)?.abort();
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
