import { beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repoOf } from "../../plugin/host/repo.ts";
import { scratch } from "../fakes/scratch.ts";

let root: string;
beforeEach(() => {
  root = scratch();
});

/** Writes a file of git's own, with its folders. */
function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${text}\n`);
}

function folder(path: string): string {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
}

const commit = "0123456789abcdef0123456789abcdef01234567";

describe("a folder's repository and branch", () => {
  test("in the repository itself and anywhere below", () => {
    put("shop/.git/HEAD", "ref: refs/heads/main");
    for (const path of ["shop", "shop/src/deep"]) {
      expect(repoOf(folder(path))).toEqual({ repo: "shop", branch: "main" });
    }
  });

  test("a branch's name may have slashes", () => {
    put("shop/.git/HEAD", "ref: refs/heads/feature/x/1");
    expect(repoOf(folder("shop")).branch).toBe("feature/x/1");
  });

  test("a detached head shows as the commit's first digits", () => {
    put("shop/.git/HEAD", commit);
    expect(repoOf(folder("shop")).branch).toBe("0123456");
  });

  test("a worktree counts as its main repository, with a branch of its own", () => {
    put("shop/.git/HEAD", "ref: refs/heads/main");
    put("shop/.git/worktrees/fix/HEAD", "ref: refs/heads/fix");
    put("shop/.git/worktrees/fix/commondir", "../..");
    put("fix-tree/.git", `gitdir: ${join(root, "shop/.git/worktrees/fix")}`);
    expect(repoOf(folder("fix-tree/src"))).toEqual({ repo: "shop", branch: "fix" });
  });

  test("a worktree of a bare repository counts as that, without its ending", () => {
    put("srv/shop.git/worktrees/fix/HEAD", "ref: refs/heads/fix");
    put("srv/shop.git/worktrees/fix/commondir", "../..");
    put("fix-tree/.git", `gitdir: ${join(root, "srv/shop.git/worktrees/fix")}`);
    expect(repoOf(folder("fix-tree"))).toEqual({ repo: "shop", branch: "fix" });
  });

  test("a submodule is a repository of its own, its .git a file that points elsewhere", () => {
    put("shop/.git/HEAD", "ref: refs/heads/main");
    put("shop/.git/modules/lib/HEAD", "ref: refs/heads/v2");
    put("shop/lib/.git", "gitdir: ../.git/modules/lib");
    expect(repoOf(folder("shop/lib"))).toEqual({ repo: "lib", branch: "v2" });
  });

  test("the nearest repository counts", () => {
    put("outer/.git/HEAD", "ref: refs/heads/main");
    put("outer/inner/.git/HEAD", "ref: refs/heads/dev");
    expect(repoOf(folder("outer/inner"))).toEqual({ repo: "inner", branch: "dev" });
  });

  test("a repository whose head cannot be read has no branch", () => {
    folder("shop/.git");
    expect(repoOf(folder("shop"))).toEqual({ repo: "shop", branch: null });
  });

  test("a .git file that points nowhere is passed over", () => {
    put("outer/.git/HEAD", "ref: refs/heads/main");
    put("outer/inner/.git", "nonsense");
    expect(repoOf(folder("outer/inner"))).toEqual({ repo: "outer", branch: "main" });
  });

  test("none at all", () => {
    expect(repoOf(folder("plain"))).toEqual({ repo: null, branch: null });
    expect(repoOf("/")).toEqual({ repo: null, branch: null });
  });

  test.skipIf(Bun.which("git") === null)("as git itself lays them out", () => {
    const git = (...words: string[]) => {
      const name = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
      const { exitCode } = Bun.spawnSync(["git", "-C", folder("shop"), ...name, ...words], {
        env: { PATH: process.env.PATH ?? "", HOME: root },
      });
      expect(exitCode).toBe(0);
    };
    git("init", "-q", "-b", "trunk");
    git("commit", "-q", "--allow-empty", "-m", "first");
    git("worktree", "add", "-q", "-b", "side", join(root, "tree"));
    expect(repoOf(folder("shop"))).toEqual({ repo: "shop", branch: "trunk" });
    expect(repoOf(join(root, "tree"))).toEqual({ repo: "shop", branch: "side" });
    git("checkout", "-q", "--detach");
    expect(repoOf(folder("shop")).branch).toMatch(/^[0-9a-f]{7}$/);
  });
});

describe("a repository that somebody made against us", () => {
  const fifo = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    expect(Bun.spawnSync(["mkfifo", join(root, path)]).exitCode).toBe(0);
  };

  test.each([".git", ".git/HEAD", ".git/commondir"])("a pipe as %s keeps nobody waiting", (path) => {
    if (path === ".git/commondir") put("shop/.git/HEAD", "ref: refs/heads/main");
    fifo(join("shop", path));
    expect(repoOf(folder("shop")).branch).toBe(path === ".git/commondir" ? "main" : null);
  });

  test("a head that never ends is no branch, and a huge one is cut", () => {
    mkdirSync(join(root, "shop/.git"), { recursive: true });
    symlinkSync("/dev/zero", join(root, "shop/.git/HEAD"));
    expect(repoOf(join(root, "shop"))).toEqual({ repo: "shop", branch: null });
    put("big/.git/HEAD", `ref: refs/heads/${"x".repeat(5000)}`);
    truncateSync(join(root, "big/.git/HEAD"), 8_000_000_000);
    expect(repoOf(join(root, "big")).branch).toBe("x".repeat(200));
  });
});
