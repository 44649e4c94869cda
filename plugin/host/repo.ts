import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { readSmall } from "./small.ts";

export interface Repo {
  readonly repo: string | null;
  readonly branch: string | null;
}

// A path and a word before it; git makes none that are longer.
const mostBytes = 8192;
// Everybody who asks `who` reads it.
const longestBranch = 200;

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
    const pointer = /^gitdir: (.+)$/m.exec(readSmall(path, mostBytes))?.[1];
    return pointer === undefined ? null : resolve(dirname(path), pointer.trim());
  } catch {
    return null;
  }
}

function mainTree(git: string, tree: string): string {
  try {
    const common = resolve(git, readSmall(join(git, "commondir"), mostBytes).trim());
    return basename(common) === ".git" ? dirname(common) : common.replace(/\.git$/, ""); // or a bare repository
  } catch {
    return tree;
  }
}

function branchOf(git: string): string | null {
  try {
    const [head = ""] = readSmall(join(git, "HEAD"), mostBytes).trim().split("\n");
    const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1] ?? head.slice(0, 7);
    return branch.slice(0, longestBranch);
  } catch {
    return null;
  }
}
