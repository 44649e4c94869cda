import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { scratch } from "../../../fakes/scratch.ts";
import { node } from "../../program.ts";

/** A person's machine with a clone of cc-dm and a stand-in for the client. */
export interface Machine {
  readonly folder: string;
  readonly home: string;
  readonly clone: string;
  /** Moves the clone. */
  move(to: string): void;
  readonly settings: string;
  /** What the client was asked, a line each. */
  calls(): readonly string[];
  run(words: readonly string[], env?: Readonly<Record<string, string>>): Ran;
  /** Every path below the home, with rights and contents. */
  tree(): readonly string[];
}

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Keeps what the real one keeps (CLIENT: plugins/*.json, settings.json laid out anew), and fails as told. */
const client = (clone: string, calls: string) => `
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
const words = process.argv.slice(2);
if (words[0] === "--version") { console.log(process.env.FAKE_VERSION ?? "2.1.329 (Claude Code)"); process.exit(0); }
appendFileSync(${JSON.stringify(calls)}, words.join(" ") + "\\n");
if (process.env.FAKE_FAILS && words.join(" ").includes(process.env.FAKE_FAILS)) { console.error("✘ no network"); process.exit(1); }
const config = process.env.CLAUDE_CONFIG_DIR ?? process.env.HOME + "/.claude";
mkdirSync(config + "/plugins", { recursive: true });
const edit = (file, by) => {
  const path = config + "/" + file;
  const value = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  by(value);
  writeFileSync(path, JSON.stringify(value, null, 2) + "\\n");
};
const [, what, , name] = words;
const [verb, id] = what === "marketplace" ? [words[2] + " marketplace", words[3]] : [what, words[2]];
if (verb === "add marketplace") {
  const source = id.startsWith("/") ? { source: "directory", path: id } : { source: "github", repo: id };
  edit("plugins/known_marketplaces.json", (all) => { all["cc-dm-marketplace"] = { source }; });
  edit("settings.json", (all) => { (all.extraKnownMarketplaces ??= {})["cc-dm-marketplace"] = { source: id }; });
} else if (verb === "remove marketplace") {
  edit("plugins/known_marketplaces.json", (all) => { delete all[id]; });
  edit("settings.json", (all) => { delete (all.extraKnownMarketplaces ??= {})[id]; });
} else if (verb === "install") {
  const entry = { version: "0.1.0", installPath: ${JSON.stringify(clone)} };
  edit("plugins/installed_plugins.json", (all) => { (all.plugins ??= {})[id] = [entry]; });
  edit("settings.json", (all) => { (all.enabledPlugins ??= {})[id] = true; });
} else if (verb === "uninstall") {
  edit("plugins/installed_plugins.json", (all) => { delete (all.plugins ??= {})[id]; });
  edit("settings.json", (all) => { delete (all.enabledPlugins ??= {})[id]; });
} else process.exit(9);
`;

/** @param dist folder of a fresh build. */
export function machine(dist: string): Machine {
  const folder = scratch();
  let clone = join(folder, "clone");
  const [home, bin, calls] = ["home", "bin", "calls"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [home, bin, join(clone, ".claude-plugin")]) mkdirSync(each, { recursive: true });
  cpSync(dist, join(clone, "dist"), { recursive: true });
  writeFileSync(join(clone, "package.json"), '{ "type": "module" }');
  for (const name of ["plugin.json", "marketplace.json"])
    writeFileSync(join(clone, ".claude-plugin", name), '{ "name": "cc-dm", "version": "0.1.0" }');
  symlinkSync(process.execPath, join(bin, "bun"));
  if (node !== null) symlinkSync(node, join(bin, "node"));
  writeFileSync(join(folder, "client.js"), client(clone, calls));
  writeFileSync(
    join(bin, "claude"),
    `#!/bin/sh\nexec "${process.execPath}" "${join(folder, "client.js")}" "$@"\n`,
  );
  chmodSync(join(bin, "claude"), 0o755);
  return {
    folder,
    home,
    get clone() {
      return clone;
    },
    move(to) {
      renameSync(clone, to);
      clone = to;
    },
    settings: join(home, ".claude", "settings.json"),
    calls: () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []),
    run(words, env = {}) {
      const run = Bun.spawnSync([process.execPath, join(clone, "dist", "cli.js"), ...words], {
        cwd: folder,
        env: { HOME: home, PATH: `${bin}:/usr/bin:/bin`, TMPDIR: folder, ...env },
        stdin: "ignore",
      });
      return { exit: run.exitCode, out: run.stdout.toString(), err: run.stderr.toString() };
    },
    tree: () =>
      (readdirSync(home, { recursive: true }) as string[]).sort().map((name) => {
        const path = join(home, name);
        const link = linkOf(path);
        if (link !== null) return `${name} -> ${link}`;
        const { mode } = statSync(path);
        const rights = (mode & 0o777).toString(8);
        return statSync(path).isDirectory()
          ? `${name}/ ${rights}`
          : `${name} ${rights} ${readFileSync(path, "utf8")}`;
      }),
  };
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
