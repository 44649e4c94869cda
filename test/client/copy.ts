import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repo } from "./versions.ts";
import type { World } from "./world.ts";

/** What the client reads of a plugin, and what runs in it. */
const parts = [".claude-plugin", "bunfig.toml", "dist", "hooks", "package.json", "skills", "tsconfig.json"];

/** The plugin as it is now, in a folder of the world: a test may break it, and a build meanwhile does not. */
export async function copyPlugin(world: World, name = "plugin"): Promise<string> {
  const folder = join(world.folder, name);
  for (const part of parts) {
    await cp(join(repo, part), join(folder, part), { recursive: true });
  }
  return folder;
}

/** Rewrites a file of a copy. @throws Error if that changed nothing: the test would break nothing. */
export async function change(path: string, by: (text: string) => string): Promise<void> {
  const text = await readFile(path, "utf8");
  const changed = by(text);
  if (changed === text) throw new Error(`${path} stayed as it was`);
  await writeFile(path, changed);
}
