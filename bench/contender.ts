import { join } from "node:path";
import { type Launch, launchOf, pluginRoot } from "../demo/launch.ts";

/** One tool call. */
export interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * A server under test, as a black box: how one of its sessions is started, what its tools are called,
 * and where a received text stands in its notifications. Another tool takes part by a file with such an
 * object as its default export: `npm run bench -- --against ./other.ts`.
 */
export interface Contender {
  readonly label: string;
  /** @param home a fresh folder, shared by the sessions that shall see each other. */
  readonly launch: (session: { readonly home: string; readonly name: string }) => Launch;
  readonly dm: (to: string, text: string) => Call;
  readonly broadcast: (text: string) => Call;
  readonly roster: Call;
  /** The names in what the roster call gave. */
  readonly namesIn: (result: unknown) => readonly string[];
  /** The text that was sent, out of a notification's parameters; null if it carries none. */
  readonly textIn: (method: string, params: unknown) => string | null;
}

/** cc-dm as shipped. */
export async function shipped(): Promise<Contender> {
  return ccDm("cc-dm", await launchOf(pluginRoot), {});
}

/** The same without the bell: what its 500 ms poll alone gives. */
export async function pollOnly(): Promise<Contender> {
  return ccDm("poll only", await launchOf(pluginRoot), { CC_DM_BELL: "off" });
}

/** The same, unbundled. */
export async function fromSource(): Promise<Contender> {
  const { args, ...launch } = await launchOf(pluginRoot);
  const source = join(pluginRoot, "plugin", "server.ts");
  return ccDm("from source", { ...launch, args: [...args.slice(0, -1), source] }, {});
}

/** The same, another build: `--server FILE`. */
export function ccDm(label: string, launch: Launch, env: Readonly<Record<string, string>>): Contender {
  return {
    label,
    launch: ({ home, name }) => ({
      ...launch,
      env: {
        ...launch.env,
        HOME: home,
        CC_DM_HOME: join(home, "bus"),
        CC_DM_SESSION_NAME: name,
        CC_DM_CHANNEL: "on",
        ...env,
      },
    }),
    dm: (to, content) => ({ tool: "dm", args: { to, content } }),
    broadcast: (content) => ({ tool: "broadcast", args: { content } }),
    roster: { tool: "who", args: {} },
    namesIn: (result) =>
      (result as { structuredContent: { sessions: { name: string }[] } }).structuredContent.sessions.map(
        (session) => session.name,
      ),
    textIn(method, params) {
      if (method !== "notifications/claude/channel") return null;
      const { content } = params as { content: string };
      return content.slice(content.indexOf("\n\n") + 2); // below the line that says who writes
    },
  };
}
