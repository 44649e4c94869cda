import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

interface HookEntry {
  readonly type: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly tool?: string;
  readonly input?: Readonly<Record<string, string>>;
}

interface Group {
  readonly matcher?: string;
  readonly hooks: readonly HookEntry[];
}

export type Vars = Readonly<Record<string, string>>;

/** What a hook answered. */
export interface HookAnswer {
  readonly watchPaths?: readonly string[];
  readonly additionalContext?: string;
  /** Why the turn must not end yet. */
  readonly reason?: string;
}

export interface Hooks {
  /** Runs all hooks of an event, one after another. */
  fire(event: string, vars: Vars): Promise<readonly HookAnswer[]>;
  /** Runs the hooks for a file that changed. @returns the text on stderr of those that ask for a turn. */
  changed(path: string): Promise<readonly string[]>;
}

export interface HookParts {
  readonly plugin: string;
  readonly env: () => Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What stands in every hook's input. */
  readonly vars: () => Vars;
  /** Calls a tool of the server; null if there is none any more. */
  readonly call: (tool: string, args: Readonly<Record<string, string>>) => Promise<string | null>;
  /** After how many milliseconds the next process is killed, if at all. */
  readonly doomed: () => number | null;
  readonly onKilled: () => void;
}

/** Plays a client's side of hooks/hooks.json, whatever stands there. */
export function hookPlayer(parts: HookParts): Hooks {
  const file = readFileSync(join(parts.plugin, "hooks", "hooks.json"), "utf8");
  const { hooks } = JSON.parse(file) as { hooks: Readonly<Record<string, readonly Group[]>> };

  const groups = (event: string, subject: string): readonly HookEntry[] =>
    (hooks[event] ?? [])
      .filter(
        ({ matcher = "" }) =>
          matcher === "" || matcher === "*" || new RegExp(`^(?:${matcher})$`).test(subject),
      )
      .flatMap((group) => group.hooks);

  /** Runs a command hook; this process is its parent, as the client is. */
  async function run({ command = "", args = [] }: HookEntry, event: string, vars: Vars) {
    const words = [command, ...args].map((word) => word.replace("${CLAUDE_PLUGIN_ROOT}", parts.plugin));
    const child = Bun.spawn(words, {
      env: { ...parts.env(), CLAUDE_PID: `${process.pid}` },
      cwd: parts.cwd,
      stdin: new Blob([JSON.stringify({ ...parts.vars(), ...vars, hook_event_name: event })]),
      stdout: "pipe",
      stderr: "pipe",
    });
    const doom = parts.doomed();
    const timer = doom === null ? null : setTimeout(() => child.kill("SIGKILL"), doom);
    const [stdout, stderr, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    if (timer !== null) clearTimeout(timer);
    if (child.signalCode === "SIGKILL") parts.onKilled();
    return { stdout, stderr, code };
  }

  async function one(hook: HookEntry, event: string, vars: Vars): Promise<HookAnswer> {
    let text: string;
    if (hook.type === "mcp_tool") {
      const all: Vars = { ...parts.vars(), ...vars };
      const fill = (value: string) => value.replace(/\$\{([^}]+)\}/g, (_, key: string) => all[key] ?? "");
      const input = Object.entries(hook.input ?? {}).map(([key, value]) => [key, fill(value)]);
      text = (await parts.call(hook.tool ?? "", Object.fromEntries(input))) ?? "{}";
    } else text = (await run(hook, event, vars)).stdout;
    return parse(text);
  }

  return {
    async fire(event, vars) {
      const subject = vars.tool_name ?? vars.source ?? vars.reason ?? vars.notification_type ?? "";
      const answers: HookAnswer[] = [];
      for (const hook of groups(event, subject)) answers.push(await one(hook, event, vars));
      return answers;
    },
    async changed(path) {
      const texts: string[] = [];
      for (const hook of groups("FileChanged", basename(path))) {
        const { stderr, code } = await run(hook, "FileChanged", { file_path: path });
        if (code === 2) texts.push(stderr);
      }
      return texts;
    },
  };
}

interface HookJson {
  readonly decision?: string;
  readonly reason?: string;
  readonly hookSpecificOutput?: { readonly watchPaths?: string[]; readonly additionalContext?: string };
}

function parse(text: string): HookAnswer {
  const { decision, reason, hookSpecificOutput } = JSON.parse(text === "" ? "{}" : text) as HookJson;
  return {
    ...hookSpecificOutput,
    ...(decision === "block" && reason !== undefined ? { reason } : {}),
  };
}
