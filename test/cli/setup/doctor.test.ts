/** `cc-dm doctor` as a person runs it: the built file, as a process. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../../plugin/core/finding.ts";
import { scratch } from "../../fakes/scratch.ts";
import {
  type Built,
  builtProgram,
  type Machine,
  machine,
  node,
  type Runtime,
  run,
  runtimes,
  script,
} from "../program.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

let folder = "";
let here: Machine;
beforeEach(() => {
  folder = scratch();
  here = machine(folder);
});

const commandOf = (runtime: Runtime) => (runtime === "node" ? (node ?? "node") : process.execPath);

async function doctor({
  runtime = "bun" as Runtime,
  env = {} as Readonly<Record<string, string>>,
  words = ["--json"] as readonly string[],
  before = [] as readonly string[],
} = {}) {
  const command = [...before, commandOf(runtime), built.file, "doctor", ...words];
  const ran = await run(command, { ...here.env, ...env }, folder);
  const findings: readonly Finding[] = words.includes("--json") ? JSON.parse(ran.out).findings : [];
  const said = (id: string) =>
    findings.filter((one) => one.id === id).map((one) => `${one.severity}: ${one.found}`);
  return { ...ran, findings, said };
}

/** Names and contents of all that lies below; SQLite's shared memory is no content. */
function below(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true }).map(String).sort();
  const text = (name: string) =>
    statSync(join(path, name)).isFile() && !name.endsWith("-shm")
      ? String(Bun.hash(readFileSync(join(path, name))))
      : "";
  return Object.fromEntries(names.map((name) => [name, text(name)]));
}

describe.each([...runtimes])("under %s", (runtime) => {
  test("on a machine without a bus it looks at everything else, in less than a second, and makes nothing", async () => {
    const { exit, err, ms, said } = await doctor({ runtime });
    expect({ exit, err }).toEqual({ exit: 1, err: "" }); // the plugin is not installed
    expect(said("machine.bun")).toEqual([`ok: Bun ${Bun.version}, ${join(here.bin, "bun")}`]);
    expect(said("bus.folder")).toEqual([expect.stringContaining("note:")]);
    expect(said("client.plugin")).toEqual([expect.stringContaining("warning: The plugin is not installed")]);
    expect(ms).toBeLessThan(1000);
    expect(readdirSync(here.home)).toEqual([]);
  });

  test("hands on words, exit codes, stdout and stderr", async () => {
    const { exit, out, err } = await run([commandOf(runtime), built.file, "dcotor"], here.env, folder);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toBe('cc-dm: There is no command "dcotor". Did you mean doctor?\n');
  });

  test("its text has no colours where it goes into a pipe", async () => {
    const { out } = await doctor({ runtime, words: [] });
    expect(out).toMatch(/^machine\n {2}ok {7}bun {4}/);
    expect(out).toEndWith("notes.\n");
    expect(out).not.toContain("\u001b");
  });
});

describe.if(node !== null)("under Node", () => {
  test("Bun is found in its own folder when the PATH has none, and that it is missing there is told", async () => {
    here = machine(scratch(), { bun: false });
    mkdirSync(join(here.home, ".bun", "bin"), { recursive: true });
    symlinkSync(process.execPath, join(here.home, ".bun", "bin", "bun"));
    const { exit, said } = await doctor({ runtime: "node" });
    expect(exit).toBe(2);
    expect(said("machine.bun")).toEqual([expect.stringContaining("error: There is no Bun on the PATH")]);
  });

  test("without any Bun it says how to get one", async () => {
    here = machine(scratch(), { bun: false });
    const { exit, out, err } = await doctor({ runtime: "node", words: [] });
    expect({ exit, out }).toEqual({ exit: 3, out: "" });
    expect(err).toMatch(/^cc-dm: There is no Bun on the PATH.*npm i -g bun.*\n$/);
  });

  test("a file called bun that is no program is not taken for it", async () => {
    here = machine(scratch(), { bun: false });
    writeFileSync(join(here.bin, "bun"), "not a program");
    expect((await doctor({ runtime: "node", words: [] })).exit).toBe(3);
  });

  test("how a program ended that a signal ended is told on", async () => {
    here = machine(scratch(), { bun: false });
    script(join(here.bin, "bun"), "kill -TERM $$");
    expect((await doctor({ runtime: "node", words: [] })).exit).toBe(143);
  });

  test.each([
    ["this Node has it", ""],
    ["it is Node's child", "delete process.execve;"],
  ])("a signal reaches the program where %s", async (_what, before) => {
    here = machine(scratch(), { bun: false });
    // It waits by a word of the shell's own: for another program it would wait before it heard the signal.
    script(join(here.bin, "bun"), "trap 'echo heard; exit 42' TERM; echo ready; while read -r _; do :; done");
    const first = join(folder, "first.cjs");
    writeFileSync(first, before);
    const child = Bun.spawn([node ?? "node", "--require", first, built.file, "doctor"], {
      env: here.env,
      cwd: folder,
      stdin: "pipe",
      stdout: "pipe",
    });
    let said = "";
    for await (const chunk of child.stdout) {
      said += Buffer.from(chunk).toString();
      if (said === "ready\n") child.kill("SIGTERM");
    }
    expect([said, await child.exited]).toEqual(["ready\nheard\n", 42]);
  });

  test("it starts by its own first line", async () => {
    symlinkSync(node ?? "", join(here.bin, "node"));
    const env = { ...here.env, PATH: `${here.bin}:/usr/bin:/bin` };
    expect((await run([built.file, "--version"], env, folder)).out).toMatch(/^cc-dm \d/);
  });
});

const hasScript = Bun.which("script") !== null && process.platform === "linux";
describe.if(hasScript)("on a terminal", () => {
  const onTerminal = (env: Readonly<Record<string, string>>) =>
    run(
      ["script", "-qec", `"${process.execPath}" "${built.file}" doctor`, "/dev/null"],
      { ...here.env, PATH: `${here.bin}:/usr/bin:/bin`, TERM: "xterm", ...env },
      folder,
    );

  test("it has colours, unless they are not wanted", async () => {
    expect((await onTerminal({})).out).toContain("\u001b[32mok");
    expect((await onTerminal({ NO_COLOR: "" })).out).toContain("\u001b[32mok");
    expect((await onTerminal({ NO_COLOR: "1" })).out).not.toContain("\u001b");
    expect((await onTerminal({ TERM: "dumb" })).out).not.toContain("\u001b");
  });
});

describe("with a bus that is", () => {
  const bus = () => join(here.home, ".cc-dm", "bus.db");

  const table = () => {
    const db = new Database(bus());
    db.run("create table delivery (x)");
    return db;
  };
  const worlds: readonly (readonly [string, () => void, string, string])[] = [
    ["no database", () => writeFileSync(bus(), "x".repeat(9000)), "bus.file", "is not a database"],
    ["a folder", () => mkdirSync(bus()), "bus.file", "error: "],
    ["newer", () => table().run("pragma user_version = 99"), "bus.schema", "newer cc-dm (schema 99"],
  ];

  test.each(worlds)("%s, it says so, changes nothing and exits with 2", async (_what, make, id, expected) => {
    mkdirSync(join(here.home, ".cc-dm"), { mode: 0o700 });
    make();
    const before = below(here.home);
    const { exit, err, said, ms } = await doctor();
    expect(said(id)).toEqual([expect.stringContaining(expected)]);
    expect({ exit, err }).toEqual({ exit: 2, err: "" });
    expect(below(here.home)).toEqual(before);
    expect(ms).toBeLessThan(1000);
  });

  test("locked by somebody who keeps it, it does not wait for long", async () => {
    mkdirSync(join(here.home, ".cc-dm"), { mode: 0o700 });
    const db = table(); // not to be read from here: a close of the file would end the lock
    db.run("begin exclusive");
    const { exit, said, ms } = await doctor();
    expect(exit).toBe(2);
    expect(said("bus.lock")).toEqual([expect.stringContaining("is locked by another program")]);
    expect(ms).toBeLessThan(1000);
    db.close();
  });

  test("in a home that is a file", async () => {
    writeFileSync(join(here.home, ".cc-dm"), "");
    const { exit, said } = await doctor();
    expect(exit).toBe(2);
    expect(said("bus.folder")).toEqual([expect.stringContaining("is no folder, and is refused")]);
  });

  test("behind a link that leads nowhere", async () => {
    symlinkSync("/nowhere/at/all", join(here.home, ".cc-dm"));
    const { exit, said } = await doctor();
    expect(exit).toBe(2);
    expect(said("bus.folder")).toEqual([expect.stringContaining("is a symbolic link, and is refused")]);
    expect(existsSync(join(here.home, ".cc-dm"))).toBe(false);
  });

  const setpriv = process.getuid?.() === 0 && Bun.which("setpriv") !== null;
  test.if(setpriv || process.getuid?.() !== 0)("in a folder that may not be looked into", async () => {
    const home = join(here.home, ".cc-dm");
    mkdirSync(home);
    writeFileSync(bus(), "");
    chmodSync(folder, 0o755);
    if (setpriv) for (const path of [built.file, join(built.file, "..")]) chmodSync(path, 0o755);
    chmodSync(home, 0o000);
    if (setpriv) chownSync(home, 65534, 65534);
    const before = setpriv ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
    const env = setpriv ? { PATH: `${here.bin}:/usr/bin:/bin` } : {};
    const { exit, said, err } = await doctor({ before, env });
    chmodSync(home, 0o700);
    expect({ exit, err }).toEqual({ exit: 2, err: "" });
    expect(said("bus.file")).toEqual([expect.stringContaining("error:")]);
  });
});

describe("it tells", () => {
  test("a wrong setting, in the words of the start, and goes on", async () => {
    const { exit, said } = await doctor({ env: { CC_DM_WAKE: "maybe", CC_DM_SESION_NAME: "x" } });
    expect(exit).toBe(2);
    expect(said("settings")).toEqual([expect.stringContaining('error: CC_DM_WAKE is "maybe" (environment)')]);
    expect(said("machine.environment")).toEqual(["warning: No setting is called CC_DM_SESION_NAME"]);
    expect(said("machine.disk")).toEqual([expect.stringContaining("ok:")]);
  });

  test("where each setting came from", async () => {
    mkdirSync(join(here.home, ".cc-dm"), { mode: 0o700 });
    const config = { CC_DM_BELL: "off", locked: { CC_DM_WAKE: "on" } };
    writeFileSync(join(here.home, ".cc-dm", "config.json"), JSON.stringify(config));
    const { said } = await doctor({ env: { CC_DM_WAKE: "off", CC_DM_CHANNEL: "on" } });
    expect(said("settings.CC_DM_WAKE")).toEqual(["ok: on (config.json (locked))"]);
    expect(said("settings.CC_DM_BELL")).toEqual(["ok: off (config.json)"]);
    expect(said("settings.CC_DM_CHANNEL")).toEqual(["ok: on (environment)"]);
    expect(said("settings.CC_DM")).toEqual(["ok: on (default)"]);
  });

  test("which profiles of the folder cannot be started, and which can", async () => {
    const write = (held: unknown) => writeFileSync(join(folder, ".cc-dm.json"), JSON.stringify(held));
    expect((await doctor()).said("project.profiles")).toEqual([]);
    write({ profiles: { planner: {}, web: { folder: "not/cloned" } } });
    const { exit, said, findings } = await doctor();
    expect(exit).toBeGreaterThan(0);
    expect(said("project.profiles")).toEqual([
      `ok: ${folder}/.cc-dm.json can start planner`,
      `warning: ${folder}/.cc-dm.json has a mistake: "folder" in profile "web" is "not/cloned", and there is no such folder.`,
    ]);
    expect(findings.at(-1)?.mend).toStartWith("cc-dm run web starts nothing until that is mended");
    write({ profiles: { "a b;": {} } });
    expect((await doctor()).said("project.profiles")).toEqual([expect.stringContaining("warning: ")]);
  });

  test("what else is called cc-dm, but not itself", async () => {
    symlinkSync(built.file, join(here.bin, "cc-dm"));
    expect((await doctor()).said("machine.name")).toEqual(["ok: Nothing else is called cc-dm"]);
    const other = join(folder, "other");
    mkdirSync(other);
    script(join(other, "cc-dm"), "true");
    writeFileSync(join(here.home, ".bashrc"), "alias cc-dm=claude\n");
    const { said } = await doctor({ env: { PATH: `${other}:${here.bin}` } });
    expect(said("machine.name")).toEqual([
      `warning: Another program is called cc-dm: ${join(other, "cc-dm")}`,
      expect.stringContaining(".bashrc:1: alias cc-dm=claude"),
    ]);
  });

  test("a Bun that is too old and a client that is too old", async () => {
    const old = join(folder, "old");
    mkdirSync(old);
    script(join(old, "bun"), "echo 1.2.0");
    script(join(old, "claude"), 'echo "2.1.150 (Claude Code)"');
    const { exit, said } = await doctor({ env: { PATH: `${old}:/usr/bin:/bin` } });
    expect(exit).toBe(2);
    expect(said("machine.bun")).toEqual([
      `error: Bun 1.2.0 (${join(old, "bun")}) is too old: 1.4 is needed.`,
    ]);
    expect(said("client.version")).toEqual([
      expect.stringContaining("warning: A new session here runs Claude Code 2.1.150"),
    ]);
  });

  test("for a person, settings that nobody has set are one line", async () => {
    const { out } = await doctor({ words: [], env: { CC_DM_HISTORY_DAYS: "3" } });
    expect(out).toMatch(/^ {2}ok +CC_DM_HISTORY_DAYS +3 \(environment\)$/m);
    expect(out).toMatch(/^ {2}ok +defaults +\d+ stand at their defaults; cc-dm config lists them$/m);
    expect(out).not.toContain("(default)");
  });

  test("with --quiet only what is not in order, but the same exit code", async () => {
    const { exit, out } = await doctor({ words: ["--quiet"] });
    expect(exit).toBe(1);
    expect(out).not.toMatch(/^ {2}ok/m);
    expect(out).toContain("  warning  plugin");
  });
});

test.each([
  ["head -n 1", "machine\n"],
  ["true", ""],
])("whoever stops reading, as `%s` does, causes no complaint", async (reader, read) => {
  const line = `"${process.execPath}" "${built.file}" doctor | ${reader}`;
  const env = { ...here.env, PATH: `${here.bin}:/usr/bin:/bin` };
  expect(await run(["sh", "-c", line], env, folder)).toMatchObject({ out: read, err: "" });
});
