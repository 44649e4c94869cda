/** What `npm pack` makes, installed into an empty folder without a network, and the same from a clone. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { version } from "../../package.json" with { type: "json" };
import { run } from "../cli/program.ts";
import { root, scratch } from "./scratch.ts";

setDefaultTimeout(60_000);

const here = Bun.which("npm") !== null && Bun.which("npx") !== null;

function environment(folder: string): Record<string, string> {
  return {
    HOME: join(folder, "home"),
    TMPDIR: folder,
    PATH: [dirname(process.execPath), dirname(Bun.which("node") ?? ""), "/usr/bin", "/bin"].join(":"),
    npm_config_cache: join(folder, "cache"),
    npm_config_offline: "true",
    npm_config_update_notifier: "false",
    BUN_CONFIG_REGISTRY: "http://127.0.0.1:9",
    NO_COLOR: "1",
  };
}

/** Packs this checkout. @returns the tarball and what is in it. */
async function pack(folder: string) {
  mkdirSync(join(folder, "home"), { recursive: true });
  const words = ["npm", "pack", "--json", "--pack-destination", folder];
  const { exit, out, err } = await run(words, environment(folder), root);
  if (exit !== 0) throw new Error(err);
  const told = JSON.parse(out);
  const [packed] = (Array.isArray(told) ? told : Object.values(told)) as readonly {
    filename: string;
    files: readonly { path: string }[];
  }[];
  if (packed === undefined) throw new Error(out);
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** An empty project into which the tarball was installed. */
async function installed() {
  const folder = scratch();
  const { tarball } = await pack(folder);
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "project", "private": true }');
  const words = ["npm", "install", "--no-audit", "--no-fund", tarball];
  const { exit, err } = await run(words, environment(folder), project);
  expect({ exit, complains: /npm error/.test(err) }).toEqual({ exit: 0, complains: false });
  return { project, env: environment(folder) };
}

describe.if(here)("the packed package", () => {
  test("holds what runs, what a client loads and what a person reads, and nothing else", async () => {
    const { files } = await pack(scratch());
    const tops = [...new Set(files.map((path) => path.split("/")[0] ?? ""))].sort();
    expect(tops).toEqual(
      [
        ...[".claude-plugin", "CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "bunfig.toml"],
        ...["dist", "docs", "hooks", "install.sh", "package.json", "skills", "tsconfig.json"],
      ].sort(),
    );
    const dist = files.filter((path) => path.startsWith("dist/")).sort();
    expect(dist).toEqual(
      readdirSync(join(root, "dist"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
        .sort(),
    );
  });

  test("installed without a network brings no other package, and runs by npx and by bunx", async () => {
    const { project, env } = await installed();
    const modules = readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."));
    expect(modules).toEqual(["cc-dm"]);
    const by = async (words: readonly string[]) => {
      const { exit, out, err } = await run(words, env, project);
      return { exit, out, err: err.replace(/^npm (notice|warn).*\n|^warn: .*\n/gm, "") };
    };
    for (const program of [
      ["npx", "--no-install"],
      ["bunx", "--no-install"],
    ]) {
      expect(await by([...program, "cc-dm", "--version"])).toEqual({
        exit: 0,
        out: `cc-dm ${version}\n`,
        err: "",
      });
      expect(await by([...program, "cc-dm", "who"])).toEqual({
        exit: 3,
        out: "",
        err: expect.stringContaining("There is no bus"),
      });
    }
    expect(await by(["npx", "--no-install", "cc-dm"])).toMatchObject({ exit: 0, err: "" });
    expect(existsSync(join(env.HOME ?? "", ".cc-dm"))).toBe(false);
  });

  test("plays the demo from there, and leaves nothing behind", async () => {
    const { project, env } = await installed();
    const { exit, out, err } = await run(["npx", "--no-install", "cc-dm", "demo"], env, project);
    expect({ exit, err: err.replace(/^npm (notice|warn).*\n/gm, "") }).toEqual({ exit: 0, err: "" });
    expect(out.replaceAll("\n", " ")).toContain("all arrived, once and in order.");
    const told = await run(["npx", "--no-install", "cc-dm", "demo", "--json"], env, project);
    expect(JSON.parse(told.out)).toMatchObject({ cc_dm: version, ok: true, wrong: [] });
    expect(readdirSync(env.TMPDIR ?? "").filter((name) => name.startsWith("cc-dm-"))).toEqual(
      expect.arrayContaining([expect.stringMatching(/\.tgz$/)]),
    );
    expect(readdirSync(env.TMPDIR ?? "").filter((name) => name.startsWith("cc-dm-demo"))).toEqual([]);
  });
});

describe.if(here)("a clone", () => {
  test.each([
    ["npx --no-install cc-dm --version"],
    ["npm run --silent cc-dm -- --version"],
    ["bun run --silent cc-dm --version"],
    ["./dist/cli.js --version"],
  ])("runs by %s", async (line) => {
    const folder = scratch();
    mkdirSync(join(folder, "home"));
    const { exit, out } = await run(line.split(" "), environment(folder), root);
    expect({ exit, out }).toEqual({ exit: 0, out: `cc-dm ${version}\n` });
  });
});
