/** The folder that Bun is started in has no say in what runs: not by bunfig.toml, .env or tsconfig.json. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { aloneInShell } from "../../plugin/host/alone.ts";
import { type Built, builtProgram, node, script } from "../cli/program.ts";
import { baits, snare } from "../support/snare.ts";
import { root, scratch } from "./scratch.ts";

setDefaultTimeout(60_000);

let built: Built;
beforeAll(async () => {
  built = await builtProgram(["cli.js", "server.js", "hook.js", "statusline.js", "demo.js"]);
});
afterAll(() => built?.remove());

/** The plugin's folder as a client has it, with what is built of these sources. */
function plugin(): string {
  const folder = join(scratch(), "plugin");
  cpSync(dirname(built.file), join(folder, "dist"), { recursive: true });
  for (const name of [".claude-plugin", "hooks", "bunfig.toml", "tsconfig.json", "package.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  return folder;
}

interface Told {
  readonly command: string;
  readonly args: readonly string[];
}

/** Every command that the client is told to start, by the manifest and the hooks. */
function told(folder: string): readonly Told[] {
  const found: Told[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { command, args } = value as Partial<Told>;
    if (typeof command === "string") found.push({ command, args: args ?? [] });
    for (const each of Object.values(value)) look(each);
  };
  for (const file of [".claude-plugin/plugin.json", "hooks/hooks.json"])
    look(JSON.parse(readFileSync(join(folder, file), "utf8").replaceAll("${CLAUDE_PLUGIN_ROOT}", folder)));
  return found;
}

/** A person's machine: nothing of cc-dm's is set, the plugin is where the client's own list has it. */
function person(copy: string, { withNode = true } = {}) {
  const home = scratch();
  const bin = join(home, "bin");
  const lists = join(home, ".claude", "plugins");
  mkdirSync(bin);
  mkdirSync(lists, { recursive: true });
  for (const name of ["sh", "cat", "dirname", "env"]) symlinkSync(Bun.which(name) ?? name, join(bin, name));
  symlinkSync(process.execPath, join(bin, "bun"));
  if (withNode && node !== null) symlinkSync(node, join(bin, "node"));
  script(join(bin, "claude"), '[ "$1" = --version ] && echo 2.1.329; exit 0');
  const listed = { plugins: { "cc-dm@cc-dm-marketplace": [{ version: "0.1.0", installPath: copy }] } };
  writeFileSync(join(lists, "installed_plugins.json"), JSON.stringify(listed));
  const env = { HOME: home, PATH: bin, TMPDIR: home };
  return {
    home,
    /** What a server says to `hello`; its stdin ends behind that. */
    async greet(words: readonly string[], cwd: string) {
      const child = Bun.spawn([...words], { cwd, env, stdin: "pipe", stdout: "pipe", stderr: "ignore" });
      child.stdin.write(hello);
      await child.stdin.flush();
      let said = "";
      for await (const chunk of child.stdout) {
        said += Buffer.from(chunk).toString();
        if (said.includes("\n")) await child.stdin.end();
      }
      return { exit: await child.exited, out: said };
    },
    run(words: readonly string[], cwd: string, input: string | Buffer = "{}") {
      const { stdout, stderr, exitCode } = Bun.spawnSync([...words], { cwd, env, stdin: Buffer.from(input) });
      return { exit: exitCode, out: stdout.toString(), err: stderr.toString() };
    },
  };
}

const hello = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } } })}\n`;

describe.each(baits)("in a folder whose %s wants its own code or home", (bait) => {
  test("plain Bun obeys it (else the rest proves nothing)", () => {
    const copy = plugin();
    const { folder, sprung } = snare(scratch(), bait);
    person(copy).run(["bun", join(copy, "dist/hook.js"), "session-start"], folder);
    expect(sprung()).not.toBe("");
  });

  test("what the client starts is the plugin's own, in the person's home", async () => {
    const copy = plugin();
    const commands = told(copy);
    const ends = commands.map(({ args }) => args.map((arg) => arg.replace(copy, "")).slice(3));
    expect(ends).toEqual([
      ["/dist/server.js"],
      ["/dist/hook.js", "session-start"],
      ["/dist/hook.js", "wake"],
    ]);
    const { home, run, greet } = person(copy);
    const { folder, sprung } = snare(scratch(), bait);
    const [server = [], ...hooks] = commands.map(({ command, args }) => [command, ...args]);
    const [begin, wake] = hooks.map((words) => run(words, folder));
    expect(await greet(server, folder)).toMatchObject({
      exit: 0,
      out: expect.stringContaining('"serverInfo":{"name":"cc-dm"'),
    });
    expect(begin).toMatchObject({ exit: 0, out: expect.stringContaining(join(home, ".cc-dm", "clients")) });
    expect(wake).toMatchObject({ exit: 0, err: "" });
    expect(sprung()).toBe("");
  });

  test.if(node !== null)("`cc-dm` is cc-dm, and so is what it starts itself", () => {
    const copy = plugin();
    const { run } = person(copy);
    const { folder, sprung } = snare(scratch(), bait);
    const cli = join(copy, "dist/cli.js");
    expect(run([cli, "--version"], folder)).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/^cc-dm \d/),
    });
    if (bait === "tsconfig.json")
      expect(run([cli, "demo"], folder)).toMatchObject({ exit: 0, out: expect.stringContaining("arrived") });
    expect(sprung()).toBe("");
  });

  test("what install writes, for the status line and where there is no Node, is cc-dm's own", () => {
    const copy = plugin();
    const { home, run } = person(copy, { withNode: false });
    const installed = run([process.execPath, join(copy, "dist/cli.js"), "install", "--statusline"], home);
    expect(installed).toMatchObject({ exit: 0, err: "" });
    const { statusLine } = JSON.parse(readFileSync(join(home, ".claude/settings.json"), "utf8"));
    const { folder, sprung } = snare(scratch(), bait);
    expect(run(["sh", "-c", statusLine.command], folder)).toMatchObject({ exit: 0, err: "" });
    const command = run([join(home, ".local/bin/cc-dm"), "--version"], folder);
    expect(command).toMatchObject({ exit: 0, out: expect.stringMatching(/^cc-dm \d/) });
    expect(sprung()).toBe("");
  });

  test("install.sh, piped there, runs nothing of it", () => {
    const copy = plugin();
    const { run } = person(copy);
    const { folder, sprung } = snare(scratch(), bait);
    expect(run(["sh"], folder, readFileSync(join(root, "install.sh")))).toMatchObject({ exit: 0, err: "" });
    expect(sprung()).toBe("");
  });
});

test("every start of Bun that stands in a script of ours is told so", () => {
  const lines = readFileSync(join(root, "install.sh"), "utf8").split("\n");
  const starts = lines.filter((line) => /\bbun (\$|"|-e)/.test(line));
  expect(starts.length).toBeGreaterThan(1);
  for (const line of starts) expect(line).toContain("bun $alone ");
  expect(lines).toContain(`alone="${aloneInShell}"`);
});

test.if(node !== null)("a Bun that lies in the folder itself is not the one the command runs on", () => {
  const copy = plugin();
  const { run, home } = person(copy);
  const folder = scratch();
  script(join(folder, "bun"), "echo taken");
  rmSync(join(home, "bin", "bun"));
  symlinkSync(process.execPath, join(home, "bin", "bun"));
  const line = `PATH=.:"$PATH"; exec ${node} ${join(copy, "dist/cli.js")} --version`;
  expect(run(["sh", "-c", line], folder).out).toMatch(/^cc-dm \d/);
});
