/**
 * One client of the soak: a process of its own, so that the server it starts and the hooks it runs have it
 * for their parent. Takes orders on stdin, and may be killed or stopped at any moment.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diary } from "./diary.ts";
import { hookPlayer } from "./hooks.ts";
import { read } from "./read.ts";
import { type Server, start } from "./server.ts";
import { hasHooks, type Order, type Spec, type Word } from "./spec.ts";
import { transcript } from "./transcript.ts";
import { turns } from "./turns.ts";

const spec = JSON.parse(process.argv[2] ?? "") as Spec;
const write = diary(spec);
const hooked = hasHooks(spec.kind);
const cwd = join(spec.home, "work", spec.name);
mkdirSync(cwd, { recursive: true });

// A client's patience with a hook; a stopped server is longer about it at times.
const hookPatienceMs = 30_000;
// As measured: from a file's change to the hook's first line.
const debounceMs = 600;

let server: Server | null = null;
let sessionId = randomUUID() as string;
let doom: number | null = null;
let diesUnproved = false;
let calls = 0;
const shownIds: string[] = [];
let unproved: string[] = [];

const log = () => transcript(join(cwd, `${sessionId}.jsonl`), sessionId);
let record = log();
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const say = (word: Word) => process.stdout.write(`${JSON.stringify(word)}\n`);

function env(): Record<string, string> {
  const claude = {
    CLAUDECODE: "1",
    CLAUDE_CODE_ENTRYPOINT: "cli",
    CLAUDE_CODE_SESSION_ID: sessionId,
    CLAUDE_PROJECT_DIR: cwd,
    CLAUDE_PLUGIN_ROOT: spec.plugin,
  };
  return {
    PATH: process.env.PATH ?? "",
    HOME: spec.home,
    CC_DM_HOME: join(spec.home, "bus"),
    CC_DM_SESSION_NAME: spec.name,
    ...(spec.project === null ? {} : { CC_DM_SESSION_PROJECT: spec.project }),
    CC_DM_CHANNEL: spec.kind === "plain" || spec.kind === "deceived" ? "on" : "off",
    ...(hooked ? claude : {}),
  };
}

/** The model, or whoever reads this program's output, reads it now. */
function show(text: string, path: string): readonly string[] {
  const found = read(text);
  for (const { id, repeat } of found) write({ what: "shown", id, path, repeat });
  if (found.length > 0 && diesUnproved) process.kill(process.pid, "SIGKILL");
  const ids = found.map(({ id }) => id);
  shownIds.push(...ids.filter((id) => !id.startsWith("notice")));
  return ids;
}

function proved(ids: readonly string[], how: string): void {
  if (ids.length > 0 && server !== null) write({ what: "proved", ids, how });
}

const hooks = hookPlayer({
  plugin: spec.plugin,
  env,
  cwd,
  vars: () => ({
    session_id: sessionId,
    transcript_path: record.path,
    cwd,
    permission_mode: "default",
  }),
  async call(tool, args) {
    try {
      return (await server?.call(tool, args, hookPatienceMs))?.text ?? null;
    } catch (error) {
      write({ what: "hook failed", hook: tool, why: String(error) });
      return null;
    }
  },
  doomed() {
    const ms = doom;
    doom = null;
    return ms;
  },
  onKilled: () => write({ what: "hook killed" }),
});

const mind = turns({
  hooks,
  transcript: () => record,
  tellsAbsorption: spec.kind !== "older",
  show,
  proved,
  pause,
  status: note,
  onEscape: () => write({ what: "escape" }),
});

/** Newer versions write down whether a turn runs. */
function note(status: "idle" | "busy"): void {
  if (spec.kind === "older") return;
  const folder = join(spec.home, ".claude", "sessions");
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ pid: process.pid, status, statusUpdatedAt: Date.now() });
  writeFileSync(join(folder, `${process.pid}.json`), text);
}

/** Calls one of the tools a model has, and reads the answer. */
async function use(tool: string, args: Readonly<Record<string, unknown>>): Promise<string> {
  const n = ++calls;
  const sends = tool !== "inbox";
  const content = `${spec.name} ${spec.run} ${n} ${"x".repeat(200)}`;
  write({ what: "calls", n, tool });
  try {
    const answer = await server?.call(tool, sends ? { content, ...args } : args);
    if (answer === undefined) throw new Error("there is no server");
    const body = JSON.parse(answer.text) as {
      message_id?: string;
      recipients?: { name: string }[];
      error?: { code: string };
      messages?: { content: string }[];
    };
    if (body.error !== undefined) write({ what: "refused", n, code: body.error.code });
    else if (sends) {
      const to = (body.recipients ?? []).map(({ name }) => name);
      write({ what: "sent", n, id: body.message_id ?? "", to });
    }
    for (const { content: text } of body.messages ?? []) unproved.push(...show(text, "pull"));
    return answer.text;
  } catch (error) {
    write({ what: "refused", n, code: String(error) });
    return String(error);
  }
}

function act(tool: string, args: Readonly<Record<string, unknown>>): void {
  if (!hooked) void use(tool, args);
  else mind.add({ kind: "prompt", act: () => use(tool, args), tool: `mcp__plugin_cc-dm_cc-dm__${tool}` });
}

const orders: { readonly [Do in Order["do"]]: (order: Extract<Order, { do: Do }>) => void } = {
  send: ({ tool, args }) => act(tool, args),
  reply({ to }) {
    const id = shownIds[Math.floor(Math.random() * shownIds.length)];
    if (id === undefined) act("dm", { to });
    else act("reply", { message_id: id });
  },
  inbox: () => act("inbox", {}),
  prompt: () => mind.add({ kind: "prompt" }),
  escape: () => mind.add({ kind: "escape" }),
  clear: () => mind.add({ kind: "clear", run: clear }),
  "kill hook": ({ afterMs }) => {
    doom = afterMs;
  },
  "die unproved"() {
    diesUnproved = true;
  },
  leave: () => void leave(),
};

async function clear(): Promise<void> {
  write({ what: "clear" });
  await hooks.fire("SessionEnd", { reason: "clear" });
  sessionId = randomUUID();
  record = log();
  await begin("clear");
}

const watched = new Set<string>();

/** SessionStart: the client learns which files to watch, and the model who it is. */
async function begin(source: string): Promise<void> {
  for (const { watchPaths = [], additionalContext } of await hooks.fire("SessionStart", { source })) {
    for (const path of watchPaths) void watch(path);
    if (additionalContext !== undefined) show(additionalContext, "start");
  }
}

/** Runs the hooks of a file whenever it changed, and gives what they say to the next step or turn. */
async function watch(path: string): Promise<never> {
  if (watched.has(path)) return new Promise(() => {});
  watched.add(path);
  let said: Promise<void> = Promise.resolve();
  const changed = () => {
    try {
      return statSync(path).mtimeMs;
    } catch {
      return 0; // not there yet
    }
  };
  for (let last = changed(); ; ) {
    await pause(100);
    const now = changed();
    if (now === last) continue;
    await pause(debounceMs);
    last = changed();
    // Hooks may overlap; what they say is taken in the order in which they were started.
    const running = hooks.changed(path);
    said = said.then(async () => {
      for (const text of await running) mind.add({ kind: "wake", text });
    });
  }
}

async function leave(): Promise<never> {
  await server?.close();
  process.exit(0);
}

async function main(): Promise<void> {
  const starting = start({
    command: ["bun", join(spec.plugin, "dist", "server.js")],
    env: env(),
    cwd,
    onChannel(content) {
      if (spec.kind === "plain") unproved.push(...show(content, "channel"));
    },
    onPing() {
      // All that was written before the question has been read by now.
      proved(unproved, "read");
      unproved = [];
    },
  });
  if (hooked) void begin("startup"); // the client waits for neither
  server = await starting;
  void server.gone.then(() => {
    server = null;
    write({ what: "server gone" });
  });
  const who = await server.call("who", {});
  const as = (JSON.parse(who.text) as { you: { name: string } }).you.name;
  write({ what: "joined", as, serverPid: server.pid });
  say({ say: "joined", name: as, serverPid: server.pid });
  if (hooked) void mind.run();
  if (spec.kind === "puller") setInterval(() => void use("inbox", {}), 2_000);
}

async function obey(): Promise<void> {
  let rest = "";
  for await (const chunk of process.stdin) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const order = JSON.parse(line) as Order;
      (orders[order.do] as (order: Order) => void)(order);
    }
  }
  process.exit(0); // the conductor is gone
}

void obey();
main().catch((error: unknown) => {
  say({ say: "failed", why: String(error) });
  process.exit(1);
});
