import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";

export interface Program {
  readonly path: string;
  /** Null if it would not say. */
  readonly version: string | null;
}

/** Every program of this name on a PATH, the one that runs first. */
export function onPath(name: string, path: string): readonly string[] {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  const folders = [...new Set(path.split(delimiter).filter(isAbsolute))];
  return folders.flatMap((folder) => names.map((one) => join(folder, one))).filter(isProgram);
}

/** What `PROGRAM --version` begins with, if that looks like a version. */
export function askVersion(path: string): string | null {
  const answer = spawnSync(path, ["--version"], {
    encoding: "utf8",
    timeout: 500,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return /^v?(\d+\.\d+\.\d+\S*)/.exec(answer.stdout ?? "")?.[1] ?? null;
}

/**
 * The version of a Claude Code program, told by where it lies: the native installer names the file by
 * it (…/claude/versions/2.1.329), npm puts a package.json beside or above it. Null: not Claude Code.
 */
export function clientVersion(path: string): string | null {
  const real = realPath(path);
  const native = /[/\\]claude[/\\]versions[/\\](\d+\.\d+\.\d+[^/\\]*)/.exec(real)?.[1];
  if (native !== undefined) return native;
  const above = [dirname(real), dirname(dirname(real))];
  return above.map(clientPackage).find((version) => version !== null) ?? null;
}

/** Whether these words start Claude Code, by its program or, as in older versions, as a script. */
export function clientProgram(executable: string | null, words: readonly string[]): string | null {
  const candidates = [executable, words[0], words[1]].filter((one) => one !== null && one !== undefined);
  const named = (path: string) => /^claude(\.exe)?$/.test(basename(path));
  return candidates.find((path) => named(path) || clientVersion(path) !== null) ?? null;
}

function clientPackage(folder: string): string | null {
  try {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const ours = typeof name === "string" && name.startsWith("@anthropic-ai/claude-code");
    return ours && typeof version === "string" ? version : null;
  } catch {
    return null;
  }
}

export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
