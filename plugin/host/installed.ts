import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isNewer } from "../core/version.ts";

/** One place in which a client was told to load this plugin. */
export interface Install {
  /** `cc-dm@marketplace` */
  readonly id: string;
  readonly version: string;
  readonly folder: string;
  /** Whether that folder is there. */
  readonly there: boolean;
}

/** What the client's own files say about a plugin. Read by nothing documented, so any of it may be missing. */
export interface Installed {
  readonly installs: readonly Install[];
  /** Settings files that switch it on or off, the strongest last. */
  readonly switches: readonly { readonly file: string; readonly id: string; readonly on: boolean }[];
  /** Settings files that switch all hooks off, or those of plugins. */
  readonly hooksOff: readonly string[];
  /** Settings files that let a session run any command without asking. */
  readonly bashFree: readonly string[];
}

interface Places {
  readonly name: string;
  /** The client's own folder, `~/.claude`. */
  readonly config: string;
  readonly cwd: string;
}

const managed: Partial<Record<NodeJS.Platform, string>> = {
  linux: "/etc/claude-code/managed-settings.json",
  darwin: "/Library/Application Support/ClaudeCode/managed-settings.json",
};

/** @see https://code.claude.com/docs/en/settings ("Settings precedence") */
export function installed({ name, config, cwd }: Places): Installed {
  const files = [
    join(config, "settings.json"),
    join(cwd, ".claude", "settings.json"),
    join(cwd, ".claude", "settings.local.json"),
    managed[process.platform],
  ].filter((file) => file !== undefined);
  const settings = [...new Set(files)].map((file) => ({ file, held: readObject(file) }));
  const isOurs = (id: string) => id.split("@")[0] === name;
  return {
    installs: installsIn(join(config, "plugins", "installed_plugins.json"), isOurs),
    switches: settings.flatMap(({ file, held }) =>
      Object.entries(asObject(held.enabledPlugins))
        .filter(([id]) => isOurs(id))
        .map(([id, on]) => ({ file, id, on: on !== false })),
    ),
    hooksOff: settings
      .filter(({ held }) => held.disableAllHooks === true || held.allowManagedHooksOnly === true)
      .map(({ file }) => file),
    bashFree: settings
      .filter(({ held }) => asksForNoCommand(asObject(held.permissions)))
      .map(({ file }) => file),
  };
}

function asksForNoCommand({ allow, defaultMode }: Record<string, unknown>): boolean {
  const rules = Array.isArray(allow) ? allow.map(String) : [];
  return defaultMode === "bypassPermissions" || rules.some((rule) => /^Bash(\(:?\**\))?$/.test(rule.trim()));
}

function installsIn(file: string, isOurs: (id: string) => boolean): readonly Install[] {
  return Object.entries(asObject(readObject(file).plugins))
    .filter(([id]) => isOurs(id))
    .flatMap(([id, entries]) =>
      (Array.isArray(entries) ? entries : [entries]).map((one) => [id, one] as const),
    )
    .map(([id, entry]) => {
      const { version, installPath } = asObject(entry);
      const folder = String(installPath ?? "");
      return { id, version: String(version ?? "?"), folder, there: folder !== "" && existsSync(folder) };
    });
}

function readObject(file: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * The newest version of a plugin that a client started now might load: installed, or in the folder that
 * the own one was loaded from, where a marketplace is read in place. Null: nothing tells.
 */
export function newestInstalled({
  name,
  config,
  root,
}: Omit<Places, "cwd"> & { readonly root: string }): string | null {
  const installs = installsIn(
    join(config, "plugins", "installed_plugins.json"),
    (id) => id.split("@")[0] === name,
  );
  const own = readObject(join(root, ".claude-plugin", "plugin.json")).version;
  const versions = [
    ...installs.filter(({ there }) => there).map(({ version }) => version),
    String(own ?? ""),
  ];
  return versions.reduce<string | null>(
    (best, one) => (best === null || isNewer(one, best) ? one : best),
    null,
  );
}

/** Whether the client knows a marketplace of this name. */
export function hasMarketplace(config: string, name: string): boolean {
  return Object.hasOwn(readObject(join(config, "plugins", "known_marketplaces.json")), name);
}

/** The folder that a marketplace of this name was added from; null: it is not known, or comes from elsewhere. */
export function marketplaceFolder(config: string, name: string): string | null {
  const known = readObject(join(config, "plugins", "known_marketplaces.json"))[name];
  const source = (known as { readonly source?: unknown } | null | undefined)?.source;
  const { source: kind, path } = (source ?? {}) as { readonly source?: unknown; readonly path?: unknown };
  return kind === "directory" && typeof path === "string" ? path : null;
}
