import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "../../../core/home.ts";
import { hasMarketplace, installed, marketplaceFolder } from "../../../host/installed.ts";
import { realPath } from "../../../host/programs.ts";
import { marketplace, type Places, plugin, repository } from "./places.ts";
import type { Step } from "./steps.ts";

const longestMs = 180_000; // a download is part of it

interface Client {
  readonly places: Places;
  readonly env: Env;
  readonly cwd: string;
  /** Its program; null: there is none, and what is to do cannot be done. */
  readonly program: string | null;
}

/** Where the plugin is to come from: the clone that this program is part of, or GitHub. */
export function sourceOf({ root, client }: Places): string {
  const kept =
    root.startsWith(`${realPath(join(client, "plugins"))}/`) || /[/\\]node_modules[/\\]/.test(root);
  return !kept && existsSync(join(root, ".claude-plugin", "marketplace.json")) ? root : repository;
}

export function addMarketplace(client: Client): Step {
  const source = sourceOf(client.places);
  return {
    name: "marketplace",
    look() {
      if (!hasMarketplace(client.places.client, marketplace))
        return { kind: "todo", text: `Tell Claude Code of ${marketplace}, from ${source}` };
      // From a clone that was moved, or another one: the client would go on with that, or find nothing.
      const folder = marketplaceFolder(client.places.client, marketplace);
      if (source !== repository && folder !== null && realPath(folder) !== realPath(source))
        return { kind: "todo", text: `Turn ${marketplace} to ${source}; it leads to ${folder}` };
      return { kind: "already", text: `Claude Code knows ${marketplace}` };
    },
    run() {
      ask(client, "marketplace", "add", source);
      return `Claude Code knows ${marketplace}, from ${source}`;
    },
  };
}

export function addPlugin(client: Client): Step {
  return {
    name: "plugin",
    look() {
      const [found] = ours(client);
      return found === undefined
        ? { kind: "todo", text: `Have Claude Code install ${plugin}` }
        : { kind: "already", text: `${plugin} ${found.version} is installed` };
    },
    run() {
      ask(client, "install", plugin);
      return `Claude Code has installed ${plugin}`;
    },
  };
}

export function removePlugin(client: Client): Step {
  return {
    name: "plugin",
    look: () =>
      ours(client).length > 0
        ? { kind: "todo", text: `Have Claude Code uninstall ${plugin}` }
        : { kind: "already", text: `${plugin} is not installed` },
    run() {
      ask(client, "uninstall", plugin);
      return `Claude Code has uninstalled ${plugin}; sessions that run keep it until they end`;
    },
  };
}

export function removeMarketplace(client: Client): Step {
  return {
    name: "marketplace",
    look: () =>
      hasMarketplace(client.places.client, marketplace)
        ? { kind: "todo", text: `Have Claude Code forget ${marketplace}` }
        : { kind: "already", text: `Claude Code does not know ${marketplace}` },
    run() {
      ask(client, "marketplace", "remove", marketplace);
      return `Claude Code has forgotten ${marketplace}`;
    },
  };
}

/** The copies of the plugin that the client would load. */
export function ours({ places, cwd }: Pick<Client, "places" | "cwd">) {
  const { installs } = installed({ name: "cc-dm", config: places.client, cwd });
  return installs.filter(({ id, there }) => id === plugin && there);
}

/** @throws with the client's own words. */
function ask({ program, env, cwd }: Client, ...words: readonly string[]): void {
  const command = `claude plugin ${words.join(" ")}`;
  if (program === null)
    throw new Error(`Claude Code was not found. Name its program with --client PATH, or run: ${command}`);
  const { status, stdout, stderr, error } = spawnSync(program, ["plugin", ...words], {
    cwd,
    env: { ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: longestMs,
  });
  if (status === 0) return;
  const said = `${stderr ?? ""}\n${stdout ?? ""}`.trim().split("\n").slice(-3).join(" ");
  throw new Error(
    `"${program} plugin ${words.join(" ")}" failed: ${said || error?.message || `exit code ${status}`}`,
  );
}
