/** A session whose prompts are relayed, those who are asked, and what stands on record; all over stdio. */
import type { Database } from "bun:sqlite";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { openSqliteBus } from "../../plugin/bus/sqlite/index.ts";
import { systemClock } from "../../plugin/core/clock.ts";
import { thisPlace } from "../../plugin/host/place.ts";
import { userKeys } from "../../plugin/host/userkey.ts";
import { findRequest, give } from "../../plugin/policy/decide.ts";
import { accepted, type Body, type Fault, refused } from "../support/answers.ts";
import { until } from "../support/processes.ts";
import { type Queue, queue } from "../support/queue.ts";
import type { TestSession } from "../support/session.ts";
import type { Start, TestBus } from "../support/testbus.ts";

export const own = "mcp__plugin_cc-dm_cc-dm__";
const permission = "notifications/claude/channel/permission";

/** Started by a client that runs our hooks. */
export const hooked = (id: string) => ({ CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: id });
export const relayed = { CC_DM_PERMISSION_RELAY: "1" };

export interface Decision {
  readonly behavior: "allow" | "deny";
  readonly message?: string;
}

export interface Prompt {
  readonly tool?: string;
  readonly agent?: string;
  readonly description?: string;
  readonly input: unknown;
}

export interface Asking {
  /** What the hook is answered; null: the dialog decides. */
  readonly answer: Promise<Decision | null>;
  /** Whether it was answered by now. */
  isAnswered(): boolean;
  /** The person said no at the dialog, or pressed Escape: the client cancels the call. */
  cancel(): void;
}

export interface Request {
  readonly id: string;
  readonly letters: string;
  readonly session: string;
  readonly tool: string;
  readonly input: string;
  readonly asked: string;
  readonly state: string;
  readonly settled_by: string | null;
  readonly behavior: string | null;
}

export interface Line {
  readonly request: string;
  readonly kind: string;
  readonly who: string;
  readonly detail: string;
}

/** The client's PermissionRequest hook. */
export function ask(
  { client }: TestSession,
  { tool = "Bash", agent = "", input, description = "" }: Prompt,
): Asking {
  const cancelling = new AbortController();
  let answered = false;
  const text = typeof input === "string" ? input : JSON.stringify(input);
  const answer = client
    .callTool(
      { name: "hook_dialog", arguments: { about: tool, agent, input: text, description } },
      undefined,
      { signal: cancelling.signal },
    )
    .then((result) => {
      const [part] = (result as CallToolResult).content;
      const { hookSpecificOutput } = JSON.parse((part as { text: string }).text) as {
        hookSpecificOutput?: { hookEventName: string; decision: Decision };
      };
      if (hookSpecificOutput !== undefined && hookSpecificOutput.hookEventName !== "PermissionRequest")
        throw new Error(`answered as ${hookSpecificOutput.hookEventName}`);
      return hookSpecificOutput?.decision ?? null;
    })
    .finally(() => {
      answered = true;
    });
  answer.catch(() => {}); // cancelled, or its server was killed
  return {
    answer,
    isAnswered: () => answered,
    cancel: () => cancelling.abort("AbortError: The operation was aborted."),
  };
}

/** Asks, and waits until it stands on the bus. */
export async function asked(
  bus: TestBus,
  session: TestSession,
  prompt: Prompt,
): Promise<Asking & { request: Request }> {
  const before = new Set(requests(bus).map(({ id }) => id));
  const asking = ask(session, prompt);
  const request = await fresh(bus, before);
  return { ...asking, request };
}

async function fresh(bus: TestBus, before: ReadonlySet<string>): Promise<Request> {
  let found: Request | undefined;
  await until("it is put to somebody", () => {
    found = requests(bus).find(({ id }) => !before.has(id));
    if (found === undefined) return false;
    const [line] = audits(bus, found.id);
    if (line?.kind !== "asked") return line !== undefined; // decided without asking anybody
    const sessions = (JSON.parse(found.asked) as string[]).length - 1; // the person gets no mail
    const mail = rows(bus).query("select 1 from message where thread_id = ? and kind = 'request'");
    return mail.all(found.id).length === sessions;
  });
  return found as Request;
}

/** The channel's way of a prompt; what is answered by it. */
export interface Channel {
  readonly verdicts: Queue<{ request_id: string; behavior: string }>;
  ask(requestId: string, prompt: { tool?: string; description?: string; preview: string }): Promise<void>;
  /** Asks, and waits until it stands on the bus. */
  asked(requestId: string, prompt: { description?: string; preview: string }): Promise<Request>;
}

export function channelOf(bus: TestBus, { client }: TestSession): Channel {
  const verdicts = queue<{ request_id: string; behavior: string }>("verdict by the channel");
  client.setNotificationHandler(
    z.object({
      method: z.literal(permission),
      params: z.strictObject({ request_id: z.string(), behavior: z.string() }),
    }),
    ({ params }) => verdicts.add(params),
  );
  const channel: Channel = {
    verdicts,
    ask: (request_id, { tool = "Bash", description = "", preview }) =>
      client.notification({
        method: `${permission}_request`,
        params: { request_id, tool_name: tool, description, input_preview: preview },
      }),
    async asked(requestId, prompt) {
      const before = new Set(requests(bus).map(({ id }) => id));
      await channel.ask(requestId, prompt);
      return fresh(bus, before);
    },
  };
  return channel;
}

const connections = new WeakMap<TestBus, { folder: string; db: Database }>();

/** The file as a stranger has it; one connection a test. */
export function rows(bus: TestBus): Database {
  const known = connections.get(bus);
  if (known?.folder === bus.folder) return known.db;
  const db = bus.open();
  connections.set(bus, { folder: bus.folder, db });
  return db;
}

export function requests(bus: TestBus): Request[] {
  return rows(bus).query<Request, []>("select * from permission_request order by asked_at, id").all();
}

export function request(bus: TestBus, id: string): Request {
  const found = requests(bus).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no request ${id}`);
  return found;
}

export function audits(bus: TestBus, of?: string): Line[] {
  const lines = rows(bus).query<Line, []>("select request, kind, who, detail from audit order by seq").all();
  return of === undefined ? lines : lines.filter((line) => line.request === of);
}

/** Waits until this stands on record. */
export async function onRecord(bus: TestBus, line: Partial<Line>): Promise<void> {
  const fits = (one: Line) =>
    Object.entries(line).every(([key, value]) => one[key as keyof Line].includes(value as string));
  await until(`on record: ${JSON.stringify(line)}`, () => audits(bus).some(fits)).catch((error: Error) => {
    throw new Error(`${error.message}; on record is ${JSON.stringify(audits(bus), null, 1)}`);
  });
}

let calls = 0;

export interface Click {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What its client's PreToolUse hook was answered. */
  readonly decision: string | null;
  /** Runs the call as the client does once its person, or nobody, agreed. */
  call(): Promise<CallToolResult>;
  ok(): Promise<Body & { readonly state?: string; readonly verdict?: string; readonly request_id?: string }>;
  refused(): Promise<Fault>;
}

/** A call of one of our tools by a model whose client runs our hooks. */
export async function model(
  session: TestSession,
  tool: string,
  args: Readonly<Record<string, unknown>>,
  id = `toolu_${++calls}`,
): Promise<Click> {
  const result = await session.call("hook_tool", {
    tool: `${own}${tool}`,
    agent: "",
    id,
    ...filled({
      content: args.content,
      remember: args.remember,
      request: args.request_id,
      verdict: args.verdict,
      session: args.session,
      last: args.last,
      query: args.query,
      turn: args.turn,
    }),
  });
  const { hookSpecificOutput } = JSON.parse((result.content[0] as { text: string }).text) as {
    hookSpecificOutput?: { permissionDecision: string };
  };
  const call = () => callAs(session, tool, args, id);
  return {
    tool,
    args,
    decision: hookSpecificOutput?.permissionDecision ?? null,
    call,
    ok: async () => accepted(await call()) as Body,
    refused: async () => refused(await call()),
  };
}

/** As the client fills in what a hook asks for: unknown ones are "". */
function filled(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value ?? "")]));
}

/** A call under a tool-use id of its own, whatever its hook was told. */
export async function callAs(
  { client }: TestSession,
  tool: string,
  args: Readonly<Record<string, unknown>>,
  id: string | null,
): Promise<CallToolResult> {
  const meta = id === null ? {} : { _meta: { "claudecode/toolUseId": id } };
  return (await client.callTool({ name: tool, arguments: { ...args }, ...meta })) as CallToolResult;
}

/** The person decides, as the command line does it. */
export async function person(
  bus: TestBus,
  id: string,
  behavior: "allow" | "deny",
  reason: string | null = null,
  remember = false,
): Promise<void> {
  const keys = userKeys(bus.home);
  const opened = await openSqliteBus({ path: bus.file, clock: systemClock, boot: thisPlace().boot });
  try {
    const found = await findRequest(opened, keys.id, id);
    const answer = { behavior, reason, remember };
    await give({ bus: opened, clock: systemClock, keys, name: "user" }, found, answer);
  } finally {
    opened.end();
  }
}

/** `config.json` of the usual home. */
export function configure(bus: TestBus, config: unknown): void {
  const path = bus.path("me", ".cc-dm", "config.json");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(config));
}

/** One that asks, one that may decide, and one that was not asked; all of clients that run our hooks. */
export async function threeOf(bus: TestBus, more: Start = {}) {
  const worker = await bus.start({
    name: "worker",
    ...more,
    env: { ...hooked("s-worker"), ...relayed, CC_DM_PERMISSION_APPROVER: "lead", ...more.env },
  });
  const lead = await bus.start({ name: "lead", role: "lead", env: hooked("s-lead") });
  const third = await bus.start({ name: "third", env: hooked("s-third") });
  return { worker, lead, third };
}

/** Nobody was believed: the prompt still waits, and a good verdict still decides it. */
export async function stillWaits(bus: TestBus, asking: Asking & { request: Request }): Promise<void> {
  if (asking.isAnswered()) throw new Error(`was answered: ${JSON.stringify(await asking.answer)}`);
  const { state } = request(bus, asking.request.id);
  if (state !== "open") throw new Error(`is ${state}`);
  await person(bus, asking.request.id, "deny", "nobody was believed");
  const decision = await asking.answer;
  if (decision?.message?.includes("nobody was believed") !== true)
    throw new Error(`was answered otherwise: ${JSON.stringify(decision)}`);
}
