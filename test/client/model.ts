import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type Action, directives, type Script } from "./script.ts";
import { failure, stream } from "./sse.ts";

/** One request of a client, as the model would have read it. */
export interface Heard {
  /** The client's name: `/c/alice` in its base URL. */
  readonly client: string;
  /** Milliseconds since the epoch, with fractions: comparable across processes. */
  readonly at: number;
  /** Text of what is new since the last answer, tool results left out. */
  readonly text: string;
  /** What the tools called in the last answer returned, in that order. */
  readonly results: readonly ToolResult[];
  /** False for titles and other side requests: they never run a script. */
  readonly tools: boolean;
  readonly body: Body;
}

export interface ToolResult {
  readonly id: string;
  readonly text: string;
  readonly isError: boolean;
}

export interface Body {
  readonly model: string;
  readonly system?: unknown;
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly name: string }[];
}

interface Message {
  readonly role: "user" | "assistant" | "system";
  readonly content: string | readonly Block[];
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly tool_use_id?: string;
  readonly is_error?: boolean;
  readonly content?: string | readonly Block[];
}

export interface Model {
  readonly log: readonly Heard[];
  /** What this client's model does beyond directives in the text; asked once per request. */
  script(client: string, script: Script): void;
  /**
   * The first turn request of the client, past or to come, for which `match` holds. A string or pattern
   * is looked for in what is new in the request: its text and its tool results.
   *
   * @throws Error after `timeoutMs`, with the newest requests of that client.
   */
  saw(client: string, match: Match, options?: { timeoutMs?: number; after?: number }): Promise<Heard>;
  stop(): Promise<void>;
}

export type Match = string | RegExp | ((heard: Heard) => boolean);

/**
 * A stand-in for the model behind a Unix socket: a client in a network namespace of its own reaches it
 * through the bridge of `inside.ts`, while the test stays where it is.
 */
export function startModel(socket: string): Model {
  const log: Heard[] = [];
  const scripts = new Map<string, Script>();
  const waiting = new Set<(heard: Heard) => void>();
  /** Per client: what the answer still has to do once the result of its last call is there. */
  const queues = new Map<string, Action[]>();
  /** Directives that made a request fail: the client sends the same text again. */
  const spent = new Set<string>();

  mkdirSync(dirname(socket), { recursive: true });
  const server = Bun.serve({
    unix: socket,
    async fetch(request) {
      const path = new URL(request.url).pathname;
      const client = /^\/c\/([^/]+)\/v1\/messages$/.exec(path)?.[1];
      if (!client || request.method !== "POST") return new Response(null, { status: 200 });
      const at = performance.timeOrigin + performance.now();
      const body = (await request.json()) as Body;
      const heard: Heard = { client, at, ...fresh(body), tools: (body.tools?.length ?? 0) > 0, body };
      log.push(heard);
      for (const look of waiting) look(heard);
      return heard.tools ? answer(heard) : stream(body.model, [{ say: "{}" }]);
    },
  });

  function answer(heard: Heard): Response {
    const told = directives(heard.text).filter((one) => !spent.has(one.source));
    const queue = [
      ...(heard.results.length > 0 ? (queues.get(heard.client) ?? []) : []),
      ...told.map((one) => one.action),
      ...(scripts.get(heard.client)?.(heard) ?? []),
    ];
    const fail = queue.find((action) => "fail" in action);
    if (fail && "fail" in fail) {
      for (const one of told) spent.add(one.source);
      return failure(fail.fail);
    }
    // An answer ends with its first call; the rest belongs to the request that brings the result.
    const call = queue.findIndex((action) => "call" in action || "calls" in action);
    const now = call < 0 ? queue : queue.slice(0, call + 1);
    queues.set(heard.client, call < 0 ? [] : queue.slice(call + 1));
    // The client asks again when an answer is empty.
    const says = now.some((action) => "say" in action || "call" in action || "calls" in action);
    return stream(heard.body.model, says ? now : [...now, { say: "ok" }]);
  }

  return {
    log,
    script: (client, script) => scripts.set(client, script),
    saw(client, match, { timeoutMs = 60_000, after = 0 } = {}) {
      const fits = (heard: Heard) =>
        heard.client === client && heard.tools && heard.at > after && matches(heard, match);
      const past = log.find(fits);
      if (past) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const look = (heard: Heard) => {
          if (!fits(heard)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(heard);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${client}'s model never saw ${match} in ${timeoutMs} ms. ${tail(log, client)}`));
        }, timeoutMs);
        waiting.add(look);
      });
    },
    stop: () => server.stop(true),
  };
}

/** What stands after the last answer: the client sends the whole conversation with every request. */
function fresh(body: Body): { text: string; results: ToolResult[] } {
  const last = body.messages.findLastIndex((message) => message.role === "assistant");
  const blocks = body.messages.slice(last + 1).flatMap((message) => asBlocks(message.content));
  const results = blocks
    .filter((block) => block.type === "tool_result")
    .map((block) => ({
      id: block.tool_use_id ?? "",
      text: textOf(asBlocks(block.content ?? "")),
      isError: block.is_error === true,
    }));
  return { text: textOf(blocks), results };
}

function asBlocks(content: string | readonly Block[]): readonly Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function textOf(blocks: readonly Block[]): string {
  return blocks.flatMap((block) => (block.type === "text" ? [block.text ?? ""] : [])).join("\n");
}

function matches(heard: Heard, match: Match): boolean {
  if (typeof match === "function") return match(heard);
  const all = [heard.text, ...heard.results.map((result) => result.text)].join("\n");
  return typeof match === "string" ? all.includes(match) : match.test(all);
}

function tail(log: readonly Heard[], client: string): string {
  const its = log.filter((heard) => heard.client === client).slice(-4);
  const shown = its.map((heard) => {
    const results = heard.results.map((result) => `\n  result: ${result.text.slice(0, 600)}`);
    return `--- ${heard.tools ? "turn" : "side request"}: …${heard.text.slice(-1500)}${results.join("")}`;
  });
  return `Its newest ${its.length} requests:\n${shown.join("\n")}`;
}
