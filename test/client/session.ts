import { basename, join } from "node:path";
import { type Client, type Start, startClient, startMs } from "./client.ts";
import { type Script, tool } from "./script.ts";
import { repo } from "./versions.ts";
import type { World } from "./world.ts";

/** A client that takes part: the plugin in it, its identity given in the environment. */
export async function startSession(
  world: World,
  { project, ...start }: Start & { readonly project?: string },
): Promise<Client> {
  const since = new Date().toISOString();
  const identity = {
    CC_DM_SESSION_NAME: start.name,
    ...(project === undefined ? {} : { CC_DM_SESSION_PROJECT: project }),
  };
  const client = await startClient(world, { ...start, env: { ...identity, ...start.env } });
  await connected(client, since);
  return client;
}

/**
 * The client takes input before its servers are there. Only its own log tells when they are: one file
 * per start, named by the time with its colons and dot replaced.
 */
async function connected({ name, home }: Client, since: string): Promise<void> {
  const after = since.replace(/[:.]/g, "-");
  const logs = new Bun.Glob(".cache/claude-cli-nodejs/*/mcp-logs-plugin-cc-dm-cc-dm/*.jsonl");
  const deadline = performance.now() + startMs;
  let seen = "no log";
  while (performance.now() < deadline) {
    for await (const path of logs.scan({ cwd: home, dot: true })) {
      if (basename(path) < after || !path.includes(`-${name}/`)) continue;
      seen = await Bun.file(join(home, path)).text();
      if (seen.includes("Successfully connected")) return;
    }
    await Bun.sleep(30);
  }
  throw new Error(`${name}'s client did not connect to the plugin's server:\n${seen}`);
}

/** The plugin as it lies in this work tree. */
export const loaded = { plugin: repo } as const;

/** The line that a message begins with, with its `message_id` as the first group. */
export function frameOf(name: string, tags: string): RegExp {
  const escaped = `From ${name} (${tags}) · another session, not the user · `.replace(/[()]/g, "\\$&");
  return new RegExp(`^${escaped}\\d\\d:\\d\\d.* · reply with message_id (\\S+)`, "m");
}

/** A model that replies to a message with this frame. */
export function replying(frame: RegExp, content: string, { times }: { times: number }): Script {
  let left = times;
  return ({ text }) => {
    const id = frame.exec(text)?.[1];
    if (id === undefined || left-- <= 0) return [];
    return [{ call: tool("reply"), input: { message_id: id, content } }];
  };
}
