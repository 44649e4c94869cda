/** `install.sh`: its complaints with stand-ins for Bun and the client, its good case with the real client. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkOut } from "../client/checkout.ts";
import { binary, runsHere, unshare, versions } from "../client/versions.ts";
import { root, scratch } from "./scratch.ts";

setDefaultTimeout(30_000);

const script = join(root, "install.sh");

interface Machine {
  /** What `bun --version` says; no Bun if absent. */
  readonly bun?: string;
  /** What `claude --version` says; no client if absent. */
  readonly client?: string;
  /** The client's `plugin …` command that fails. */
  readonly failing?: string;
  readonly piped?: boolean;
  readonly given?: readonly string[];
}

/** Runs install.sh on a machine that has nothing but what is named. */
async function install({ bun, client, failing = "none", piped = false, given = ["--statusline"] }: Machine) {
  const folder = scratch();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["sh", "cat", "dirname"]) symlinkSync(Bun.which(name) ?? name, join(bin, name));
  const calls = join(folder, "calls");
  const program = (name: string, lines: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const copy = join(folder, "copy");
  if (bun !== undefined) {
    program(
      "bun",
      `case "$*" in
         --version) echo "${bun}" ;;
         *" -e "*) echo "${copy}" ;;
         *) shift 3; echo "bun $*" >>"${calls}"; [ "$CC_DM_CLIENT" = claude ] || exit 9 ;;
       esac`,
    );
    mkdirSync(join(copy, "dist"), { recursive: true });
    writeFileSync(join(copy, "dist", "cli.js"), "");
  }
  if (client !== undefined) {
    program(
      "claude",
      `[ "$1" = --version ] && { echo "${client} (Claude Code)"; exit 0; }
       cat >/dev/null # a real client may read its stdin, and that may be the script itself
       echo "$*" >>"${calls}"
       case "$*" in *"${failing}"*) exit 1 ;; esac`,
    );
  }
  const words = [...(piped ? ["sh", "-s", "--"] : ["sh", script]), ...given];
  const run = Bun.spawn([join(bin, "sh"), ...words.slice(1)], {
    cwd: folder,
    env: { PATH: bin, HOME: folder },
    stdin: piped ? Bun.file(script) : "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, complaint] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  const file = Bun.file(calls);
  const asked = (await file.exists()) ? await file.text() : "";
  return { exit: await run.exited, said, complaint, calls: asked.replaceAll(copy, "COPY") };
}

const good = { bun: "1.4.0", client: "2.1.329" } as const;

describe("install.sh", () => {
  test("from a clone leaves everything to its cc-dm install", async () => {
    const { exit, complaint, calls } = await install(good);
    expect({ exit, complaint }).toEqual({ exit: 0, complaint: "" });
    expect(calls).toBe(`bun ${root}/dist/cli.js install --statusline\n`);
  });

  test("through a pipe installs from GitHub, then leaves the rest to the copy's cc-dm install", async () => {
    const { exit, calls } = await install({ ...good, piped: true });
    expect(exit).toBe(0);
    expect(calls).toBe(
      "plugin marketplace add cc-dm/cc-dm\nplugin install cc-dm@cc-dm-marketplace\nbun COPY/dist/cli.js install --statusline\n",
    );
  });

  test("says how to update and to remove, and never to skip permission prompts", async () => {
    const { said } = await install({ ...good, piped: true });
    expect(said).toContain("claude plugin update cc-dm@cc-dm-marketplace");
    expect(said).toContain("cc-dm uninstall");
    expect((await install(good)).said).toContain(`To update:  cd ${root} && git pull `);
    for (const word of ["--dry-run", "-n", "--help", "--json"])
      expect((await install({ ...good, given: [word] })).said).not.toContain("To update");
    expect(said).not.toMatch(/dangerously|skip|bypass/);
  });

  test.each([
    ["without Bun", { client: "2.1.329" }, "npm i -g bun"],
    ["with Bun 1.3.14", { ...good, bun: "1.3.14" }, "Bun 1.3.14 is too old; cc-dm needs 1.4 or newer"],
    ["with Bun 0.9", { ...good, bun: "0.9" }, "Bun 0.9 is too old"],
    ["with a Bun that tells no version", { ...good, bun: "hello" }, "Bun hello is too old"],
    ["without a client", { bun: "1.4.0" }, '"claude" was not found'],
    [
      "with client 2.1.117",
      { ...good, client: "2.1.117" },
      "Claude Code 2.1.117 is too old; cc-dm needs 2.1.118",
    ],
    ["with client 2.0.300", { ...good, client: "2.0.300" }, "Claude Code 2.0.300 is too old"],
    ["with client 1.9.9", { ...good, client: "1.9.9" }, "Claude Code 1.9.9 is too old"],
  ])("%s changes nothing and says why", async (_case, machine: Machine, reason) => {
    const { exit, complaint, calls } = await install(machine);
    expect(exit).toBe(1);
    expect(complaint).toContain(reason);
    expect(calls).toBe("");
  });

  test.each([
    ["2.1.118", true],
    ["2.1.196", true],
    ["2.1.197", false],
    ["2.2.0", false],
    ["3.0.0", false],
  ])("with client %s: says what 2.1.197 adds: %p", async (client, told) => {
    const { exit, said } = await install({ ...good, client });
    expect(exit).toBe(0);
    expect(said.includes("from 2.1.197 on a message also wakes an idle session")).toBe(told);
  });

  test.each([
    ["marketplace add", "The marketplace could not be added"],
    ["plugin install", "The plugin could not be installed"],
  ])("fails when the client's %s fails", async (failing, reason) => {
    const { exit, complaint, said, calls } = await install({ ...good, failing, piped: true });
    expect(exit).toBe(1);
    expect(complaint).toContain(reason);
    expect(calls).not.toContain("bun ");
    expect(said).not.toContain("To remove");
  });
});

for (const version of versions) {
  describe.if(runsHere(version))(`install.sh with Claude Code ${version}`, () => {
    test("run twice from a clone, the plugin is installed once", async () => {
      const folder = scratch();
      const clone = join(folder, "clone");
      await checkOut(clone);
      const inside = (...command: readonly string[]) => runOffline(folder, version, command);
      for (const time of ["first", "second"]) {
        const { exit, text } = await inside("sh", join(clone, "install.sh"));
        expect({ time, exit, text }).toEqual({
          time,
          exit: 0,
          text: expect.stringContaining("~/.local/bin/cc-dm → ~/.cc-dm/plugin/dist/cli.js"),
        });
      }
      const { text } = await inside(binary(version), "plugin", "list", "--json");
      const ours = { id: "cc-dm@cc-dm-marketplace", enabled: true, scope: "user" };
      expect(JSON.parse(text)).toEqual([expect.objectContaining(ours)]);
    });
  });
}

/** In a network namespace without even loopback, with a home of its own and nobody's key. */
async function runOffline(home: string, version: string, command: readonly string[]) {
  const env = {
    HOME: home,
    PATH: [dirname(Bun.which("bun") ?? process.execPath), "/usr/bin", "/bin"].join(":"),
    TMPDIR: home,
    CLAUDE_CODE_TMPDIR: home,
    ANTHROPIC_API_KEY: "sk-ant-fake-not-a-key",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
    CC_DM_CLIENT: binary(version),
  };
  const run = Bun.spawn([...unshare, ...command], {
    cwd: home,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await run.stdout.text();
  return { exit: await run.exited, text };
}
