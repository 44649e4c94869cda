import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { accepted, type Body, type Fault, refused } from "./answers.ts";
import { isAlive, kill, until } from "./processes.ts";
import { type Queue, queue } from "./queue.ts";

const root = join(import.meta.dir, "..", "..");

/** The server's command as the plugin's manifest gives it; CC_DM_TEST_SERVER names another server file. */
export function serverCommand(): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(root, ".claude-plugin", "plugin.json"), "utf8")) as {
    mcpServers: { "cc-dm": { command: string; args: string[] } };
  };
  const { command, args } = manifest.mcpServers["cc-dm"];
  const words = args.map((arg) => arg.replace("${CLAUDE_PLUGIN_ROOT}", root));
  return [command, ...words.slice(0, -1), process.env.CC_DM_TEST_SERVER ?? words.at(-1) ?? ""];
}

/** A clean environment: nothing of this process's own but a PATH on which the same Bun stands first. */
export function cleanEnv(home: string, env: Readonly<Record<string, string>>): Record<string, string> {
  const path = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
  return {
    PATH: path.join(delimiter),
    HOME: home,
    SHELL: "/bin/sh",
    TERM: "dumb",
    LOGNAME: "t",
    USER: "t",
    ...env,
  };
}

export interface ChannelEvent {
  readonly content: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** One server process and the client that speaks to it. */
export interface TestSession {
  readonly pid: number;
  readonly client: Client;
  readonly events: Queue<ChannelEvent>;
  /** Its stderr, line by line. */
  readonly stderr: Queue<string>;
  /** Calls a tool. @throws if it was refused. */
  ok(tool: string, args?: Readonly<Record<string, unknown>>): Promise<Body>;
  /** Calls a tool. @throws if it was not refused. */
  refused(tool: string, args?: Readonly<Record<string, unknown>>): Promise<Fault>;
  call(tool: string, args?: Readonly<Record<string, unknown>>): Promise<CallToolResult>;
  /** How long the server takes to answer that it is there, in milliseconds. */
  ping(): Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** When its process and all its pipes are gone. */
  readonly gone: Promise<void>;
  /** Ends it as a client does that only closes its end of the pipe. */
  stop(): Promise<void>;
}

export interface Launch {
  readonly command: readonly string[];
  readonly env: Record<string, string>;
  readonly cwd: string;
}

/** Starts a server and says `initialize` to it. */
export async function connect({ command, env, cwd }: Launch): Promise<TestSession> {
  const [file = "", ...args] = command;
  const transport = new StdioClientTransport({ command: file, args, env, cwd, stderr: "pipe" });
  const stderr = queue<string>("line on stderr");
  let rest = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) stderr.add(line);
  });
  const events = queue<ChannelEvent>("channel event");
  const client = new Client({ name: "test", version: "1" });
  client.fallbackNotificationHandler = async ({ method, params }) => {
    if (method === "notifications/claude/channel") events.add(params as unknown as ChannelEvent);
  };
  const gone = new Promise<void>((resolve) => {
    client.onclose = resolve;
  });
  try {
    await client.connect(transport);
  } catch (cause) {
    throw new Error(`the server did not come up: ${stderr.all.join("\n")}`, { cause });
  }
  const pid = transport.pid ?? 0;

  const session: TestSession = {
    pid,
    client,
    events,
    stderr,
    gone,
    async call(name, args = {}) {
      return (await client.callTool({ name, arguments: { ...args } })) as CallToolResult;
    },
    ok: async (tool, given) => accepted(await session.call(tool, given)),
    refused: async (tool, given) => refused(await session.call(tool, given)),
    async ping() {
      const from = performance.now();
      await client.ping();
      return performance.now() - from;
    },
    kill: (signal) => kill(pid, signal),
    async stop() {
      if (!isAlive(pid)) return;
      const from = performance.now();
      await client.close(); // ends its stdin; after 2 s it sends SIGTERM, after 4 s SIGKILL
      await until(`server ${pid} leaves`, () => !isAlive(pid));
      const took = performance.now() - from;
      if (took > 1_900)
        throw new Error(`server ${pid} took ${Math.round(took)} ms to leave when its client did`);
    },
  };
  return session;
}
