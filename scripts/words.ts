import { homedir } from "node:os";
import { join } from "node:path";

interface Ban {
  readonly found: (text: string) => boolean;
  readonly why: string;
  /** Files that may say it, because they are about it. */
  readonly except?: RegExp;
}

/** Every file of the checkout is read, new ones too; what .gitignore names is not. */
export async function checkWords(root: string): Promise<readonly string[]> {
  const listed = Bun.spawnSync(["git", "ls-files", "-z", "-co", "--exclude-standard"], { cwd: root });
  if (!listed.success) return ["The list of files comes from git, and git does not answer here."];
  const bans = bansOf(root);
  const complaints: string[] = [];
  for (const path of listed.stdout.toString().split("\0").filter(Boolean)) {
    const file = Bun.file(join(root, path));
    if (!(await file.exists())) continue;
    const text = await file.text();
    for (const ban of bans) {
      if (!ban.except?.test(path) && ban.found(text)) complaints.push(`${path} ${ban.why}`);
    }
  }
  return complaints;
}

function bansOf(root: string): readonly Ban[] {
  const home = `${homedir()}/`;
  return [
    {
      // A checkout in /src or /app would forbid too much: those stand in prose as well.
      found: (text) => root.split("/").length > 2 && text.includes(`${root}/`),
      why: "names the folder of this checkout; it means nothing on another machine.",
    },
    {
      found: (text) => home.length > 1 && text.includes(home),
      why: "names a folder of this machine's user; it means nothing on another machine.",
    },
    {
      found: (text) => /\bregistry\.[a-z-]+\.(org|com|net|dev|io)\b/.test(text),
      why: "names a package registry; which one is the reader's own setting (a lock file has no need to).",
    },
    {
      found: (text) => text.includes("dangerously-skip-permissions"),
      why: "speaks of skipping permission prompts; cc-dm never asks for that.",
      except: /^(scripts|test)\//,
    },
  ];
}
