/** scripts/run.mjs, on machines that have only one of Node and Bun, or neither. */
import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, scratch } from "./scratch.ts";

const node = realNode();
if (node === null) console.warn("Not tested under Node: it is not on the PATH.");

/** Under `bun run` on a machine without Node, `node` is Bun by another name. */
function realNode(): string | null {
  const found = Bun.which("node");
  if (found === null) return null;
  const answer = Bun.spawnSync([found, "-p", "process.versions.bun"]);
  return answer.stdout.toString().trim() === "undefined" ? found : null;
}

interface Machine {
  /** What runs the script. */
  readonly runtime: "node" | "bun";
  /** What `bun --version` on the PATH says; no Bun on the PATH if absent. */
  readonly bunOnPath?: string;
  /** A Bun fetched before, where npm puts it. */
  readonly fetched?: boolean;
  readonly verb: string;
}

/** A checkout without packages to install, whose demo says which Bun runs it and with what. */
async function run({ runtime, bunOnPath, fetched = false, verb }: Machine) {
  const folder = scratch();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  if (bunOnPath !== undefined) {
    const lines = `#!/bin/sh\n[ "$1" = --version ] && { echo ${bunOnPath}; exit; }\nexec "${process.execPath}" "$@"\n`;
    writeFileSync(join(bin, "bun"), lines);
    chmodSync(join(bin, "bun"), 0o755);
  }
  const cached = join(folder, ".cache/bun/node_modules/@oven/bun-any/bin");
  if (fetched) {
    mkdirSync(cached, { recursive: true });
    symlinkSync(process.execPath, join(cached, "bun"));
  }
  for (const file of ["scripts/run.mjs", "scripts/packages.mjs"]) {
    await Bun.write(join(folder, file), Bun.file(join(root, file)));
  }
  await Bun.write(join(folder, "package.json"), '{ "name": "empty" }');
  const demo =
    'console.log(JSON.stringify({ bun: Bun.which("bun"), args: process.argv.slice(2) }));\nprocess.exit(7);';
  await Bun.write(join(folder, "demo/demo.ts"), demo);
  const started = runtime === "node" ? (node ?? "node") : process.execPath;
  const child = Bun.spawn([started, join(folder, "scripts/run.mjs"), verb, "--fast", "two words"], {
    cwd: bin,
    env: { PATH: bin, HOME: folder },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, complaint] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exit: await child.exited, said, complaint, folder };
}

describe.each(node === null ? (["bun"] as const) : (["node", "bun"] as const))(
  "run.mjs under %s",
  (runtime) => {
    test("names its verbs when it does not know one", async () => {
      const { exit, complaint } = await run({ runtime, verb: "tset" });
      expect(exit).toBe(1);
      expect(complaint).toContain('Unknown verb "tset". There are: demo, test, build');
    });

    test("hands on further arguments and the exit code", async () => {
      const { exit, said } = await run({ runtime, bunOnPath: "1.4.0", verb: "demo" });
      expect(exit).toBe(7);
      expect(JSON.parse(said).args).toEqual(["--fast", "two words"]);
    });
  },
);

describe.if(node !== null)("run.mjs under Node without Bun on the PATH", () => {
  test("uses the one fetched before, and puts it on the PATH of what it starts", async () => {
    const { exit, said, folder } = await run({ runtime: "node", fetched: true, verb: "demo" });
    expect(exit).toBe(7);
    expect(JSON.parse(said).bun).toBe(join(folder, ".cache/bun/node_modules/@oven/bun-any/bin/bun"));
  });

  test("passes over one that is too old", async () => {
    const { said, folder } = await run({ runtime: "node", bunOnPath: "1.3.9", fetched: true, verb: "demo" });
    expect(JSON.parse(said).bun).toStartWith(join(folder, ".cache"));
  });

  test("says what is missing when there is no npm to fetch it with", async () => {
    const { exit, complaint } = await run({ runtime: "node", verb: "demo" });
    expect(exit).toBe(1);
    expect(complaint).toContain("needs Bun 1.4 or newer, and npm was not found either");
  });
});
