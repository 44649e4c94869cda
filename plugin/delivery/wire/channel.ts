import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type JSONRPCMessage,
  ListToolsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { type Clock, iso } from "../../core/clock.ts";
import { frame } from "../../core/frame.ts";
import type { Offer, Session } from "../../core/model.ts";
import type { Answer } from "../../tools/call.ts";
import { tools } from "../../tools/index.ts";
import { type CallParams, type CallSignals, callsPast } from "./calls.ts";
import type { Stdio } from "./stdio.ts";

const relayCapability = "claude/channel/permission";
const promptSchema = z.object({
  method: z.literal("notifications/claude/channel/permission_request"),
  params: z.object({
    request_id: z.string(),
    tool_name: z.string(),
    description: z.string().default(""),
    input_preview: z.string().default(""),
  }),
});
export type ChannelPrompt = z.output<typeof promptSchema>["params"];

export interface WireParts {
  readonly transport: Stdio<JSONRPCMessage>;
  readonly version: string;
  /** Null: this session takes no part (CC_DM=off) and shows no tools. */
  readonly instructions: string | null;
  readonly clock: Clock;
  /** @param toolUse the client's own id of the call, if it tells one. */
  readonly call: (name: string, args: unknown, toolUse: string | null) => Promise<Answer>;
  /** Answers a hook of the client, or null if that is no hook's name. */
  readonly hook: (
    name: string,
    args: Readonly<Record<string, unknown>>,
    /** The client waits for the answer no more. */
    signal: AbortSignal,
  ) => Promise<Readonly<Record<string, unknown>>> | null;
  /** Mail in an answer is on the wire; `dropped`: the client did not read it there, and will not. */
  readonly shown: (tokens: readonly string[], dropped: AbortSignal) => void;
  /** A call that may have taken mail was cancelled: nobody got to see it. */
  readonly unshown: () => void;
  /** A permission prompt of the client, by the channel; null: not relayed, so the capability is not declared. */
  readonly onPrompt: ((prompt: ChannelPrompt) => void) | null;
  readonly onInitialized: () => void;
  /** The client has asked for the tools: in a moment it can call them, hooks included. */
  readonly onListed: () => void;
  /** The wire broke: nothing can be heard or said any more. */
  readonly onClose: () => void;
}

export interface Wire {
  /** One channel event per message, in order; resolves when the pipe has taken them. */
  push(offers: readonly Offer[], to: Session): Promise<void>;
  /** The same, with a question behind them in one write; `read` as `readUpToHere`. */
  pushAndAsk(offers: readonly Offer[], to: Session, ms: number): Promise<{ readonly read: Promise<boolean> }>;
  /** Resolves true once the client has read everything written so far, false after `ms` without an answer. */
  readUpToHere(ms: number): Promise<boolean>;
  /** Answers a permission prompt. */
  decide(requestId: string, behavior: "allow" | "deny"): void;
  /** The client hung up: no question will be answered any more. Resolves when no call is under way. */
  hangUp(): Promise<unknown>;
}

/** The MCP side of this server: the only file that imports the SDK. */
export async function connectWire(parts: WireParts): Promise<Wire> {
  const on = parts.instructions !== null;
  // The low-level server: McpServer answers bad arguments in words of its own, without our codes.
  const server = new Server(
    { name: "cc-dm", version: parts.version },
    {
      capabilities: {
        tools: {},
        ...(on
          ? {
              experimental: {
                "claude/channel": {},
                ...(parts.onPrompt === null ? {} : { [relayCapability]: {} }),
              },
            }
          : {}),
      },
      ...(parts.instructions === null ? {} : { instructions: parts.instructions }),
    },
  );
  server.oninitialized = parts.onInitialized;
  server.onclose = parts.onClose;
  const { onPrompt } = parts;
  if (onPrompt !== null) server.setNotificationHandler(promptSchema, ({ params }) => onPrompt(params));
  const underWay = new Set<Promise<Answer>>();
  server.setRequestHandler(ListToolsRequestSchema, () => {
    parts.onListed();
    return {
      tools: on
        ? tools.map(({ name, description, schema }) => ({
            name,
            description,
            inputSchema: inputSchema(schema),
          }))
        : [],
    };
  });
  async function callNow(
    { name, arguments: args, _meta: meta }: CallParams,
    { cancelled, dropped }: CallSignals,
  ) {
    const hooked = parts.hook(name, args ?? {}, cancelled);
    if (hooked !== null) {
      const answer = await hooked;
      if (bringsMail(answer)) onceAborted(dropped, parts.unshown);
      return { content: [{ type: "text" as const, text: JSON.stringify(answer) }] };
    }
    const toolUse = meta?.["claudecode/toolUseId"];
    const call = parts.call(name, args, typeof toolUse === "string" ? toolUse : null);
    underWay.add(call);
    const { result, shown } = await call.finally(() => underWay.delete(call));
    if (shown.length > 0) {
      // After the answer is written; that of a call that was cancelled never is.
      void parts.clock.sleep(0).then(() => {
        if (!dropped.aborted) parts.shown(shown, dropped);
        onceAborted(dropped, parts.unshown);
      });
    }
    return { ...result };
  }
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) =>
    callNow(params, { cancelled: signal, dropped: signal }),
  );

  const { transport } = parts;
  await server.connect(transport);
  const ping = pinger(transport, parts.clock);
  callsPast(transport, callNow);

  return {
    push: (offers, to) => transport.sendNow(events(offers, to)),
    async pushAndAsk(offers, to, ms) {
      const { question, answer } = ping.ask(ms);
      await transport.sendNow([...events(offers, to), question]);
      return { read: answer };
    },
    async readUpToHere(ms) {
      const { question, answer } = ping.ask(ms);
      await transport.sendNow([question]);
      return answer;
    },
    decide(request_id, behavior) {
      const method = "notifications/claude/channel/permission";
      void transport.sendNow([{ jsonrpc: "2.0", method, params: { request_id, behavior } }]);
    },
    hangUp() {
      ping.giveUp();
      return Promise.allSettled(underWay).then(() => parts.clock.sleep(5)); // their answers are written then
    },
  };
}

function onceAborted(signal: AbortSignal, run: () => void): void {
  if (signal.aborted) run();
  else signal.addEventListener("abort", run, { once: true });
}

function bringsMail({ hookSpecificOutput }: Readonly<Record<string, unknown>>): boolean {
  return typeof (hookSpecificOutput as { additionalContext?: unknown })?.additionalContext === "string";
}

function events(offers: readonly Offer[], to: Session): JSONRPCMessage[] {
  const method = "notifications/claude/channel";
  return offers.map((offer) => ({ jsonrpc: "2.0", method, params: event(offer, to) }));
}

/** @see https://code.claude.com/docs/en/channels-reference ("Notification format"): meta become attributes, texts only. */
function event(
  { message, token, offers }: Offer,
  to: Session,
): { content: string; meta: Record<string, string> } {
  const optional = {
    from_project: message.fromProject,
    priority: message.priority,
    message_type: message.type,
    thread_id: message.threadId,
    in_reply_to: message.inReplyTo,
  };
  return {
    // Without hooks nothing could ever find the token again.
    content: frame({ message, repeat: offers > 1, token: to.hooksAt === null ? undefined : token }),
    meta: {
      ...Object.fromEntries(
        Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== null),
      ),
      message_id: message.id,
      from_session: message.fromName,
      from_id: message.fromId,
      from_role: message.fromRole,
      to_session: to.name,
      sent_at: iso(message.sentAt),
    },
  };
}

function inputSchema(schema: z.ZodObject): { type: "object"; [key: string]: unknown } {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return { ...rest, type: "object" };
}

/**
 * A client answers requests in the order it reads them, so an answered ping proves that it has read
 * all that was written before. The SDK's own ping numbers its requests from 0 as the client does;
 * ours have names, which no careless client takes for an answer to a call of its own.
 */
function pinger(transport: Stdio<JSONRPCMessage>, clock: Clock) {
  const open = new Map<string, (read: boolean) => void>();
  const pass = transport.onmessage;
  transport.onmessage = (message: JSONRPCMessage) => {
    const answered = "id" in message && !("method" in message) ? open.get(String(message.id)) : undefined;
    if (answered === undefined) pass?.(message);
    else answered(true);
  };
  let count = 0;
  return {
    ask(ms: number): { question: JSONRPCMessage; answer: Promise<boolean> } {
      const id = `cc-dm-read-${++count}`;
      const answered = new Promise<boolean>((resolve) => open.set(id, resolve));
      const answer = Promise.race([answered, clock.sleep(ms).then(() => false)]).finally(() =>
        open.delete(id),
      );
      return { question: { jsonrpc: "2.0", id, method: "ping" }, answer };
    },
    giveUp() {
      for (const resolve of open.values()) resolve(false);
    },
  };
}
