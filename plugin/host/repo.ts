import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

export interface Repo {
  readonly repo: string | null;
  readonly branch: string | null;
}

/**
 * The git repository around a folder and the branch checked out, read from git's own files: two or
 * three small reads instead of a process. A worktree counts as its main repository. A detached head
 * shows as the commit's first 7 digits.
 *
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export function repoOf(folder: string): Repo {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const git = gitFolder(join(at, ".git"));
    if (git !== null) return { repo: basename(mainTree(git, at)), branch: branchOf(git) };
    if (dirname(at) === at) return { repo: null, branch: null };
  }
}

function gitFolder(path: string): string | null {
  try {
    if (statSync(path).isDirectory()) return path;
    const pointer = /^gitdir: (.+)$/m.exec(readFileSync(path, "utf8"))?.[1];
    return pointer === undefined ? null : resolve(dirname(path), pointer.trim());
  } catch {
    return null;
  }
}

function mainTree(git: string, tree: string): string {
  try {
    const common = resolve(git, readFileSync(join(git, "commondir"), "utf8").trim());
    return basename(common) === ".git" ? dirname(common) : common.replace(/\.git$/, ""); // or a bare repository
  } catch {
    return tree;
  }
}

function branchOf(git: string): string | null {
  try {
    const head = readFileSync(join(git, "HEAD"), "utf8").trim();
    return /^ref: refs\/heads\/(.+)$/.exec(head)?.[1] ?? head.slice(0, 7);
  } catch {
    return null;
  }
}
