import { mkdirSync } from "node:fs";
import { join as path } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { Launch } from "./launch.ts";

/** A channel event, as the client would put it before its model. */
export interface Arrival {
  /** `performance.now()` of this process, where the calls start too. */
  readonly at: number;
  readonly content: string;
  readonly meta: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly message_id?: string;
  readonly recipients?: readonly { readonly name: string; readonly presence: string }[];
  readonly sessions?: readonly { readonly name: string; readonly role: string; readonly project: string }[];
  readonly messages?: readonly {
    readonly receipts: readonly { readonly name: string; readonly state: string }[];
  }[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Session {
  readonly name: string;
  readonly arrivals: readonly Arrival[];
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** The event that carries a message, or null if it has not come within `ms`. */
  arrival(messageId: string, ms: number): Promise<Arrival | null>;
  leave(): Promise<void>;
}

export interface Who {
  readonly name: string;
  readonly role: string;
  readonly project: string;
}

/**
 * Starts a channel server as a client does: a process, MCP over its stdin and stdout. Everything it could
 * write lies in `folder`; of this environment it gets the PATH and what else the SDK thinks harmless.
 */
export async function join(launch: Launch, folder: string, who: Who): Promise<Session> {
  const cwd = path(folder, who.project);
  mkdirSync(cwd, { recursive: true });
  const env = {
    ...launch.env,
    HOME: folder,
    CC_DM_HOME: path(folder, "bus"),
    CC_DM_CHANNEL: "on",
    CC_DM_SESSION_NAME: who.name,
    CC_DM_SESSION_ROLE: who.role,
    CC_DM_SESSION_PROJECT: who.project,
  };
  const { command, args } = launch;
  const transport = new StdioClientTransport({ command, args: [...args], env, cwd, stderr: "pipe" });
  let complaints = "";
  transport.stderr?.on("data", (text) => {
    complaints += text;
  });

  const arrivals: Arrival[] = [];
  const waiting = new Map<string, (arrival: Arrival) => void>();
  const client = new Client({ name: "cc-dm-demo", version: "1" });
  client.fallbackNotificationHandler = async ({ method, params }) => {
    const at = performance.now();
    if (method !== "notifications/claude/channel") return;
    const arrival = { ...(params as unknown as Omit<Arrival, "at">), at };
    arrivals.push(arrival);
    waiting.get(arrival.meta.message_id ?? "")?.(arrival);
  };
  try {
    await client.connect(transport);
  } catch (error) {
    throw new Error(`${[command, ...args].join(" ")} did not start: ${String(error)}\n${complaints}`);
  }

  return {
    name: who.name,
    arrivals,
    async call(tool, given) {
      const { structuredContent } = await client.callTool({ name: tool, arguments: { ...given } });
      return structuredContent as Answer;
    },
    async arrival(messageId, ms) {
      const there = arrivals.find((arrival) => arrival.meta.message_id === messageId);
      if (there !== undefined) return there;
      const { promise, resolve } = Promise.withResolvers<Arrival | null>();
      waiting.set(messageId, resolve);
      const timer = setTimeout(resolve, ms, null);
      const arrival = await promise;
      clearTimeout(timer);
      waiting.delete(messageId);
      return arrival;
    },
    leave: () => client.close(),
  };
}
