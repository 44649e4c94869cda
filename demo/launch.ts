import { join } from "node:path";
import * as z from "zod";

export const pluginRoot = join(import.meta.dir, "..");

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const manifest = z.object({
  mcpServers: z.object({
    "cc-dm": z.object({
      command: z.string(),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()).default({}),
    }),
  }),
});

/** How a client starts the channel server: the manifest's own words, with the plugin's folder filled in. */
export async function launchOf(root: string): Promise<Launch> {
  const { mcpServers } = manifest.parse(await Bun.file(join(root, ".claude-plugin", "plugin.json")).json());
  const { command, args, env } = mcpServers["cc-dm"];
  const fill = (word: string) => word.replaceAll("${CLAUDE_PLUGIN_ROOT}", root);
  return { command: fill(command), args: args.map(fill), env };
}
