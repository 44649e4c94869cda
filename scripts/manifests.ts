import { join } from "node:path";
import { z } from "zod";

const packageJson = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});
const pluginJson = z.object({
  name: z.string(),
  version: z.string(),
  mcpServers: z.record(z.string(), z.object({ command: z.string(), args: z.array(z.string()) })),
  channels: z.array(z.object({ server: z.string() })),
});
const marketplaceJson = z.object({ plugins: z.array(z.object({ name: z.string(), version: z.string() })) });

/** A lock file of one of these names beside package.json, and the client installs what it lists. */
const clientLocks = [
  "bun.lock",
  "bun.lockb",
  "npm-shrinkwrap.json",
  "package-lock.json",
  "pnpm-lock.yaml",
  "yarn.lock",
];

/**
 * Names and versions stand in three files, and the client compares none of them: a channel naming a server
 * that is not there, or another version in the marketplace, passes its own validation.
 */
export async function checkManifests(root: string): Promise<readonly string[]> {
  const own = packageJson.parse(await read(root, "package.json"));
  const plugin = pluginJson.parse(await read(root, ".claude-plugin/plugin.json"));
  const marketplace = marketplaceJson.parse(await read(root, ".claude-plugin/marketplace.json"));
  const complaints: string[] = [];
  const same = (what: string, found: string, wanted: string) => {
    if (found !== wanted) complaints.push(`${what} is "${found}", package.json says "${wanted}".`);
  };
  same("plugin.json: name", plugin.name, own.name);
  same("plugin.json: version", plugin.version, own.version);
  for (const name of Object.keys(own.dependencies)) {
    complaints.push(
      `package.json: "${name}" is a run-time dependency; bundle it, the client would install it.`,
    );
  }
  for (const name of clientLocks) {
    if (!(await Bun.file(join(root, name)).exists())) continue;
    complaints.push(`${name}: the client would install what it lists. Delete it; ours is bun.dev.lock.`);
  }
  const entry = marketplace.plugins.find((each) => each.name === own.name);
  if (entry === undefined) complaints.push(`marketplace.json lists no plugin "${own.name}".`);
  else same("marketplace.json: version", entry.version, own.version);
  for (const { server } of plugin.channels) {
    if (!(server in plugin.mcpServers))
      complaints.push(`plugin.json: no server "${server}" for its channel.`);
  }
  return complaints;
}

async function read(root: string, path: string): Promise<unknown> {
  return await Bun.file(join(root, path)).json();
}
