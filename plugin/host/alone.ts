import { dirname, join } from "node:path";

/**
 * What Bun is told before the file it is to run. Without it, the folder in which Bun is started has a say,
 * before our first line (measured on 1.4.5): its `bunfig.toml` preloads code of its own, its `.env` gives
 * settings and a home, and the `paths` of a `tsconfig.json` or `jsconfig.json`, also of a folder above, put
 * another file in place of the very program. That folder may be a repository that nobody trusted yet.
 *
 * The plugin's manifest and hooks say the same, by the files that lie in the plugin's root.
 */
export function alone(program: string): readonly string[] {
  const root = join(dirname(program), "..");
  const windows = process.platform === "win32"; // where no /dev/null is
  return aloneBy(
    windows ? join(root, "bunfig.toml") : "/dev/null",
    windows ? join(root, "tsconfig.json") : "/dev/null",
  );
}

/** For a line that a shell runs. */
export const aloneInShell: string = aloneBy("/dev/null", "/dev/null").join(" ");

function aloneBy(config: string, tsconfig: string): readonly string[] {
  return [`--config=${config}`, "--no-env-file", `--tsconfig-override=${tsconfig}`];
}
