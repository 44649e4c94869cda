import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { DmError } from "./errors.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** Everything cc-dm keeps, by name. A fixed place: the plugin's own data folder differs by how it was loaded. */
export interface Home {
  readonly folder: string;
  readonly bus: string;
  readonly config: string;
  readonly clients: string;
  readonly bells: string;
}

/**
 * `CC_DM_HOME`, else `~/.cc-dm`.
 *
 * @throws DmError `bad_setting` if it is not an absolute path, or no home is known at all.
 */
export function homeFrom(env: Env): Home {
  const given = setting(env, "CC_DM_HOME");
  const user = setting(env, "HOME") ?? setting(env, "USERPROFILE");
  if (given === undefined && user === undefined) {
    throw new DmError(
      "bad_setting",
      "Neither CC_DM_HOME nor HOME is set; set CC_DM_HOME to an absolute path.",
    );
  }
  const folder = given === undefined ? join(user ?? "", ".cc-dm") : given.replace(/^~(?=\/|$)/, user ?? "~");
  if (!isAbsolute(folder)) {
    throw new DmError(
      "bad_setting",
      `CC_DM_HOME is ${JSON.stringify(given)}; it must be an absolute path, such as ~/.cc-dm.`,
    );
  }
  return {
    folder,
    bus: join(folder, "bus.db"),
    config: join(folder, "config.json"),
    clients: join(folder, "clients"),
    bells: join(folder, "bells"),
  };
}

/** Where the client keeps its settings and plugins: `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export function clientFolder(env: Env): string {
  const user = setting(env, "HOME") ?? setting(env, "USERPROFILE") ?? homedir();
  return setting(env, "CLAUDE_CONFIG_DIR") ?? join(user, ".claude");
}

/** An empty value and an unexpanded `${VAR}` (the client passes those on literally) count as unset. */
export function setting(env: Env, key: string): string | undefined {
  const value = env[key]?.trim();
  return value === undefined || value === "" || /^\$\{[^}]*\}$/.test(value) ? undefined : value;
}
