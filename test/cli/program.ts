import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../scripts/build.ts";

export const node = realNode();

/** Under `bun run` on a machine without Node, `node` is Bun by another name. */
function realNode(): string | null {
  const found = Bun.which("node");
  if (found === null) return null;
  const answer = Bun.spawnSync([found, "-p", "process.versions.bun"]);
  return answer.stdout.toString().trim() === "undefined" ? realpathSync(found) : null;
}

export type Runtime = "bun" | "node";
export const runtimes: readonly Runtime[] = node === null ? ["bun"] : ["bun", "node"];

export interface Built {
  /** The program as it is committed. */
  readonly file: string;
  remove(): void;
}

/** Builds dist/cli.js anew, and others beside it, into a folder of its own. */
export async function builtProgram(names: readonly string[] = ["cli.js"]): Promise<Built> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "cc-dm-cli-")));
  await build(folder, names);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  return { file: join(folder, "cli.js"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A person's machine below a folder: a home, and a PATH with Bun on it unless told otherwise. */
export interface Machine {
  readonly home: string;
  readonly bin: string;
  readonly env: Readonly<Record<string, string>>;
}

export function machine(folder: string, { bun = true } = {}): Machine {
  const [home, bin] = [join(folder, "home"), join(folder, "bin")];
  for (const each of [home, bin]) mkdirSync(each, { recursive: true });
  if (bun) symlinkSync(process.execPath, join(bin, "bun"));
  return { home, bin, env: { HOME: home, PATH: bin, TMPDIR: folder } };
}

export function script(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

export async function run(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Ran> {
  const from = performance.now();
  const child = Bun.spawn([...words], {
    env: { ...env },
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, exit] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { exit, out, err, ms: performance.now() - from };
}
