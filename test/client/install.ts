/** Installs Claude Code clients for the tests of this folder: `bun test/client/install.ts [VERSION…]`. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { binary, clientsFolder, versions } from "./versions.ts";

for (const version of process.argv.length > 2 ? process.argv.slice(2) : versions) {
  if (existsSync(binary(version))) continue;
  const folder = join(clientsFolder, version);
  await mkdir(folder, { recursive: true });
  await Bun.write(join(folder, "package.json"), "{}");
  // The platform's executable comes as an optional dependency; nothing needs an install script.
  const add = [
    process.execPath,
    "add",
    "--ignore-scripts",
    "--exact",
    `@anthropic-ai/claude-code@${version}`,
  ];
  const exit = await Bun.spawn(add, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] }).exited;
  if (exit !== 0 || !existsSync(binary(version))) {
    console.error(`Claude Code ${version} could not be installed into ${folder}.`);
    process.exit(1);
  }
}
