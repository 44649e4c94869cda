import { lstatSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isNewer } from "../core/version.ts";

/**
 * Where the command on the PATH and the status line find the plugin. Its own folder is called by its
 * version, and goes with the next one; this link stays.
 */
export function pluginLink(folder: string): string {
  return join(folder, "plugin");
}

/** What a link leads to, or null if it is none, or is not there. */
export function targetOf(link: string): string | null {
  try {
    return resolve(dirname(link), readlinkSync(link));
  } catch {
    return null;
  }
}

/** Makes a link or turns it elsewhere, in one step: whoever looks meanwhile finds the one or the other. */
export function pointTo(link: string, target: string): void {
  const fresh = `${link}.${process.pid}.new`;
  mkdirSync(dirname(link), { recursive: true, mode: 0o700 });
  rmSync(fresh, { force: true });
  symlinkSync(target, fresh);
  try {
    renameSync(fresh, link);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** The version of the plugin in a folder, or null if there is none. */
export function versionIn(root: string): string | null {
  try {
    const manifest = readFileSync(join(root, ".claude-plugin", "plugin.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version?: unknown };
    return typeof version === "string" ? version : null;
  } catch {
    return null;
  }
}

/** Stands in the command that install makes where there is no Node for cli.js to start under. */
export const launcherMark = "# Made by cc-dm install; cc-dm uninstall removes it.";

export function isLauncher(path: string): boolean {
  try {
    return lstatSync(path).isFile() && readFileSync(path, "utf8").includes(launcherMark);
  } catch {
    return false;
  }
}

/** Where the link leads, and what is there; null: there is no link. */
export interface LinkFacts {
  readonly path: string;
  readonly target: string;
  /** Of the plugin there; null: there is none. */
  readonly version: string | null;
}

export function linkFacts(folder: string): LinkFacts | null {
  const path = pluginLink(folder);
  const target = targetOf(path);
  return target === null ? null : { path, target, version: versionIn(target) };
}

export interface Loaded {
  /** The folder that holds the bus. */
  readonly folder: string;
  /** The plugin's own root. */
  readonly root: string;
  readonly version: string;
  /** What the client calls this plugin's data folder: `…-inline` for one that was loaded by `--plugin-dir`. */
  readonly data: string | undefined;
}

/**
 * After an update the link leads to a folder that is gone or older: whoever starts from a newer one turns it.
 * A copy that somebody works on does not, and without a link nobody asked for one.
 */
export function mendLink({ folder, root, version, data }: Loaded): void {
  const link = pluginLink(folder);
  const target = targetOf(link);
  if (target === null || target === root || data === undefined || basename(data).endsWith("-inline")) return;
  const there = versionIn(target);
  if (there !== null && !isNewer(version, there)) return;
  try {
    pointTo(link, root);
  } catch {
    // The link is a convenience; the session is what counts.
  }
}
