import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../../fakes/scratch.ts";
import { type Built, machine, run } from "../program.ts";

export const fake = join(import.meta.dir, "client.ts");

/** A person with a repository, in which a planner and a tester are described. */
export function deskWith(built: Built, more: Readonly<Record<string, string>> = {}) {
  const folder = scratch();
  const { home, bin, env } = machine(folder);
  for (const name of ["env", "sh", "bash", "mv", "stty", "sleep", "clear", "tmux"]) {
    const found = Bun.which(name);
    if (found !== null) symlinkSync(found, join(bin, name));
  }
  const repo = join(folder, "it's a $(repo)");
  mkdirSync(join(repo, ".git"), { recursive: true });
  mkdirSync(join(repo, "a b"));
  const record = join(folder, "record");
  const write = (held: unknown) => writeFileSync(join(repo, ".cc-dm.json"), JSON.stringify(held));
  write({
    project: "shop",
    profiles: {
      planner: { role: "lead", prompt: "--dangerously-skip-permissions\nand $(plan) `it`" },
      tests: { name: "tester", folder: "a b" },
    },
  });
  const all = { ...env, CC_DM_CLIENT: fake, RECORD: record, ...more };
  return {
    folder,
    home,
    bin,
    repo,
    env: all,
    write,
    run: (...words: readonly string[]) => run([process.execPath, built.file, "run", ...words], all, repo),
    /** What the client that started last was given, or the last one of a name. */
    started: (name = "") => JSON.parse(readFileSync(`${record}${name && `.${name}`}`, "utf8")) as Started,
    hasStarted: (name = "") => Bun.file(`${record}${name && `.${name}`}`).exists(),
  };
}

export interface Started {
  readonly words: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly pwd: string;
  /** What Claude Code sets for all that it runs. */
  readonly inside?: string;
  readonly pid: number;
}
