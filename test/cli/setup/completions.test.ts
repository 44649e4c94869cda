/** Completions, asked of the shells themselves. A shell that is not here is skipped, which CI counts as a failure. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSqliteBus } from "../../../plugin/bus/sqlite/index.ts";
import { allCommands } from "../../../plugin/cli/commands.ts";
import { systemClock } from "../../../plugin/core/clock.ts";
import { join as joins } from "../../fakes/people.ts";
import { scratch } from "../../fakes/scratch.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { hasWindows, windows } from "../window.ts";

const commands = await allCommands();
setDefaultTimeout(30_000);

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());
const window = windows();

/** A machine with cc-dm on its PATH and three names on its bus. */
async function machine({ bus = true } = {}) {
  const folder = scratch();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  chmodSync(built.file, 0o755);
  symlinkSync(built.file, join(bin, "cc-dm"));
  symlinkSync(process.execPath, join(bin, "bun"));
  if (bus) {
    mkdirSync(join(folder, ".cc-dm"), { mode: 0o700 });
    const open = await openSqliteBus({
      path: join(folder, ".cc-dm", "bus.db"),
      clock: systemClock,
      boot: "b",
    });
    await joins(open, "backend", { project: "shop" });
    await joins(open, "berlin");
    const { session } = await joins(open, "closed-one");
    await open.close([session.id]);
    open.end();
  }
  const env = { HOME: folder, PATH: `${bin}:/usr/bin:/bin`, LANG: "C.UTF-8", TMPDIR: folder };
  const cli = (...words: readonly string[]) => run([process.execPath, built.file, ...words], env, folder);
  const script = async (shell: string) => {
    const file = join(folder, `script.${shell}`);
    writeFileSync(file, (await cli("completions", shell)).out);
    return file;
  };
  return { folder, env, cli, script };
}

/** What is typed, and what must, or must not, be proposed. */
const table: readonly (readonly [typed: string, proposed: readonly string[], not: readonly string[]])[] = [
  ["cc-dm sta", ["status", "statusline"], ["who"]],
  ["cc-dm help pru", ["prune"], ["who"]],
  ["cc-dm who --", ["--all", "--project", "--json", "--help"], ["--yes"]],
  ["cc-dm send b", ["backend", "berlin"], ["closed-one"]],
  ["cc-dm send --urgent clo", ["closed-one"], ["backend"]],
  ["cc-dm send --type ", ["task", "question", "status", "review"], ["backend"]],
  ["cc-dm send --type task b", ["backend"], ["task"]],
  ["cc-dm send backend b", [], ["backend", "berlin"]],
  ["cc-dm who backend b", ["backend", "berlin"], []],
  ["cc-dm who --project ", ["shop"], ["backend"]],
  ["cc-dm prune --older-than b", [], ["backend", "--all"]],
  ["cc-dm completions ", ["bash", "zsh", "fish"], []],
  ["cc-dm config CC_DM_W", ["CC_DM_WAKE"], ["CC_DM_BELL"]],
  ["cc-dm send --file scr", ["script."], ["backend"]],
];

function check(found: readonly string[], proposed: readonly string[], not: readonly string[]): void {
  for (const word of proposed) expect(found.some((one) => one.startsWith(word))).toBe(true);
  for (const word of not) expect(found).not.toContain(word);
}

describe.if(Bun.which("bash") !== null)("bash", () => {
  const complete = async (typed: string, more: Parameters<typeof machine>[0] = {}) => {
    const { folder, env, script } = await machine(more);
    const ask = `source ${await script("bash")}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cc_dm; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const words = ["bash", "--norc", "-c", ask, "bash", ...typed.split(" ")];
    const { exit, out, err } = await run(words, env, folder);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    return out.split("\n").filter(Boolean);
  };
  test.each([...table])("%s", async (typed, proposed, not) => check(await complete(typed), proposed, not));
  test("without a bus proposes no name, and says nothing", async () => {
    expect(await complete("cc-dm send b", { bus: false })).toEqual([]);
  });
});

describe.if(Bun.which("fish") !== null)("fish", () => {
  const complete = async (typed: string, more: Parameters<typeof machine>[0] = {}) => {
    const { folder, env, script } = await machine(more);
    const words = ["fish", "--no-config", "-c", `source ${await script("fish")}; complete -C '${typed}'`];
    const { exit, out, err } = await run(words, env, folder);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    return out
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("\t")[0] ?? "");
  };
  test.each([...table])("%s", async (typed, proposed, not) => check(await complete(typed), proposed, not));
  test("without a bus proposes no name, and says nothing", async () => {
    expect(await complete("cc-dm send b", { bus: false })).toEqual([]);
  });
});

describe.if(Bun.which("zsh") !== null && hasWindows)("zsh", () => {
  /** A shell that a person types into, with nothing of this machine's settings. */
  const shell = async () => {
    const { env, script } = await machine();
    const file = await script("zsh");
    const shown = await window.show(`cd ${env.HOME}; exec zsh -f -i`, env);
    await shown.screen((text) => /[%#]/.test(text));
    await shown.press(
      `PS1='%% ' LISTMAX=0; autoload -U compinit; compinit -u -D; source ${file}; print ready`,
    );
    await shown.press("Enter");
    await shown.screen((text) => /^ready$/m.test(text));
    return async (typed: string, fits: (text: string) => boolean) => {
      await shown.press("C-u", "C-l");
      await shown.press(typed);
      await shown.press("Tab");
      return shown.screen((text) => text.includes(typed.trim()) && fits(text));
    };
  };
  const has =
    (...words: readonly string[]) =>
    (text: string) =>
      words.every((word) => text.includes(word));

  test.each([
    ["cc-dm stat", has("cc-dm status")],
    ["cc-dm prun", has("cc-dm prune")],
    ["cc-dm send bac", has("cc-dm send backend")],
    ["cc-dm send b", has("backend", "berlin", "worker, shop")],
    ["cc-dm send --type qu", has("--type question")],
    ["cc-dm who --project s", has("--project shop")],
    ["cc-dm send --file script.z", has("--file script.zsh")],
    ["cc-dm completions f", has("completions fish")],
    ["cc-dm who --a", has("who --all")],
    ["cc-dm config CC_DM_WA", has("config CC_DM_WAKE")],
  ])("%s", async (typed, fits) => {
    const complete = await shell();
    expect(await complete(typed, fits)).not.toContain("doubled");
  });

  test("takes every command's options and operands without a complaint", async () => {
    const complete = await shell();
    for (const command of commands) {
      const screen = await complete(`cc-dm ${command.name} --hel`, has(`${command.name} --help`));
      expect(screen).not.toMatch(/_arguments|doubled|error/);
    }
  });
});

describe("what the scripts ask for", () => {
  test("names, live ones with a word about them; projects; nothing else of rows that others wrote", async () => {
    const { cli } = await machine();
    const { out } = await cli("completions", "names");
    expect(out.split("\n").sort()).toEqual([
      "",
      "backend\tworker, shop",
      "berlin\tworker",
      "closed-one\tclosed",
    ]);
    expect((await cli("completions", "projects")).out).toBe("shop\n");
    expect(await cli("completions", "requests")).toMatchObject({ exit: 0, out: "", err: "" });
    const told = async (what: string) => JSON.parse((await cli("completions", what, "--json")).out);
    expect(await told("names")).toMatchObject({
      list: "names",
      words: expect.arrayContaining([{ word: "backend", about: "worker, shop" }]),
    });
    const { shell, script, cc_dm } = await told("bash");
    expect({ shell, script }).toEqual({ shell: "bash", script: (await cli("completions", "bash")).out });
    expect(cc_dm).toBe("0.1.0");
  });

  test("names that a shell would run are left out", async () => {
    const { cli, folder } = await machine();
    const { Database } = await import("bun:sqlite");
    const db = new Database(join(folder, ".cc-dm", "bus.db"));
    db.run("update session set name = '$(touch pwned)' where name = 'berlin'");
    db.run("update mailbox set project = '`id`' where project = 'shop'");
    db.close();
    expect((await cli("completions", "names")).out).not.toContain("$");
    expect((await cli("completions", "projects")).out).toBe("");
  });

  test("an unknown shell is an error that names those there are", async () => {
    const { cli } = await machine();
    expect(await cli("completions", "csh")).toMatchObject({
      exit: 2,
      out: "",
      err: expect.stringContaining("bash, zsh, fish"),
    });
    expect((await cli("completions")).exit).toBe(2);
  });
});
