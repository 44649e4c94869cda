/** `cc-dm run` as a person has it: the built program, a client that tells what it was given, a terminal. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Built, builtProgram, node, script } from "../program.ts";
import { hasWindows, windows } from "../window.ts";
import { deskWith, fake } from "./desk.ts";

setDefaultTimeout(60_000);

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows();
const desk = (more: Readonly<Record<string, string>> = {}) => deskWith(built, more);

describe("what the client gets", () => {
  test("a profile: name, role, project, folder, and its prompt as nothing but a prompt", async () => {
    const { run, started, repo } = desk();
    expect(await run("planner", "--yes", "--model", "opus")).toMatchObject({ exit: 0, err: "" });
    expect(started()).toMatchObject({
      words: ["--model", "opus", "--", " --dangerously-skip-permissions\nand $(plan) `it`"],
      settings: { CC_DM_SESSION_NAME: "planner", CC_DM_SESSION_ROLE: "lead", CC_DM_SESSION_PROJECT: "shop" },
      cwd: repo,
    });
    await run("tests", "--yes");
    const folder = join(repo, "a b");
    expect(started()).toMatchObject({
      words: [],
      settings: { CC_DM_SESSION_NAME: "tester" },
      cwd: folder,
      pwd: folder,
    });
  });

  test("flags before the profile, and both before the environment", async () => {
    const { run, started } = desk({
      CC_DM_SESSION_NAME: "shell",
      CC_DM_SESSION_ROLE: "shell",
      CC_DM_WAKE: "off",
    });
    await run("tests", "--yes", "--name", "Mine", "--approver", "lead, role:Reviewer", "--notify");
    expect(started().settings).toEqual({
      CC_DM_CLIENT: fake,
      CC_DM_RUN_PID: String(started().pid),
      CC_DM_WAKE: "off",
      CC_DM_SESSION_NAME: "mine",
      CC_DM_SESSION_ROLE: "shell",
      CC_DM_SESSION_PROJECT: "shop",
      CC_DM_PERMISSION_RELAY: "on",
      CC_DM_PERMISSION_APPROVER: "lead,role:reviewer",
      CC_DM_NOTIFY: "on",
    });
  });

  test.each<[readonly string[], readonly string[]]>([
    [["--resume"], ["--resume"]],
    [["-c"], ["-c"]],
    [
      ["-r", "abc"],
      ["-r", "abc"],
    ],
    [["--resume=abc"], ["--resume=abc"]],
    [
      ["-p", "hi"],
      ["-p", "hi"],
    ],
    [
      ["--", "mcp", "list"],
      ["mcp", "list"],
    ],
    [
      ["--", "--model", "opus", "--", "hi"],
      ["--model", "opus", "--", "hi"],
    ],
    [["--prompt="], []],
    [
      ["--prompt", "mcp"],
      ["--", " mcp"],
    ],
    [
      ["--prompt", "/compact"],
      ["--", "/compact"],
    ],
    [
      ["--prompt", "say it"],
      ["--", "say it"],
    ],
    [["--prompt=-p"], ["--", " -p"]],
    [
      ["-p", "--prompt", "say it"],
      ["-p", "--", "say it"],
    ],
  ])("of a prompt, with %j", async (words, expected) => {
    const { run, started } = desk();
    expect(await run("planner", "--yes", ...words)).toMatchObject({ exit: 0 });
    expect(started().words).toEqual([...expected]);
  });

  test("every word that is not ours, unchanged and in order", async () => {
    const { run, started } = desk();
    const word = fc.string({ unit: "binary" }).map((text) => text.toWellFormed().replaceAll("\0", ""));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
        await run("--name", "x", "--", ...words);
        expect(started().words).toEqual(words);
      }),
      { numRuns: 12 },
    );
  });

  test("its exit code is ours, and its output too", async () => {
    const { run, bin } = desk();
    script(join(bin, "claude"), 'echo "out $1"; echo err >&2; exit 42');
    expect(await run("--client", "claude", "--", "x y")).toMatchObject({
      exit: 42,
      out: "out x y\n",
      err: "err\n",
    });
    script(join(bin, "claude"), "kill -TERM $$");
    expect((await run("--client", "claude")).exit).toBe(143);
  });

  test("the client is the very process that was started as cc-dm", async () => {
    const { env, repo, started } = desk();
    const child = Bun.spawn([process.execPath, built.file, "run", "--name", "x"], {
      env,
      cwd: repo,
      stdout: "ignore",
    });
    expect(await child.exited).toBe(0);
    expect(started().pid).toBe(child.pid);
  });

  test("a pipe takes what it writes, however slowly it is read", async () => {
    const { env, repo, bin } = desk();
    script(
      join(bin, "claude"),
      "i=0; while [ $i -lt 20000 ]; do echo 0123456789 || exit 9; i=$((i+1)); done",
    );
    const line = `"$@" | { sleep 0.3; while read -r line; do n=$((n+1)); done; echo $n; }`;
    const words = [process.execPath, built.file, "run", "--name", "x", "--client", "claude"];
    const child = Bun.spawn(["sh", "-c", line, "sh", ...words], {
      env,
      cwd: repo,
      stdout: "pipe",
      stderr: "pipe",
    });
    expect([await child.stdout.text(), await child.stderr.text()]).toEqual(["20000\n", ""]);
  });

  test("signals work as if cc-dm had not been there", async () => {
    const { run, bin } = desk();
    script(
      join(bin, "claude"),
      'while read -r line; do case $line in Sig[BI]*) echo "$line";; esac; done </proc/self/status',
    );
    const { out } = await run("--client", "claude");
    expect(out.replace(/\s+/g, " ")).toBe("SigBlk: 0000000000000000 SigIgn: 0000000000000000 ");
  });
});

describe("nothing is started", () => {
  test.each<[readonly string[], number, string]>([
    [["planer"], 2, 'has no profile "planer". Did you mean planner?'],
    [["planner", "tests"], 2, "Several: cc-dm run --team planner tests"],
    [["--name", "user"], 2, "reserved"],
    [["--role", "a/b"], 2, "--role"],
    [["--approver", "role:"], 2, "--approver"],
    [["--detach"], 2, "--detach goes with --team"],
    [["--json"], 2, "--json goes with --dry-run"],
    [["--team", "--name", "x"], 2, "--name is for one session"],
    [["--prompt", "a", "--", "b"], 2, "given twice"],
    [["--client", "no-such-client"], 3, 'There is no "no-such-client" on the PATH (--client)'],
    [["--client", "./nothing"], 3, "There is no program at"],
    [["planner"], 77, "Nobody agreed to planner"],
    [["--team"], 77, "Nobody agreed to planner, tests"],
  ])("%j ends with %i", async (words, exit, complaint) => {
    const { run, hasStarted } = desk();
    const ran = await run(...words);
    expect({ ...ran, started: await hasStarted() }).toMatchObject({ exit, out: "", started: false });
    expect(ran.err).toContain(complaint);
  });

  test("of a profile that cannot be used; the others can", async () => {
    const { run, write, started } = desk();
    write({ profiles: { planner: {}, web: { folder: "not/cloned" } } });
    const why = '"folder" in profile "web" is "not/cloned", and there is no such folder.';
    expect(await run("web", "--yes")).toMatchObject({ exit: 3, out: "", err: expect.stringContaining(why) });
    expect(await run("--team", "--dry-run")).toMatchObject({
      exit: 3,
      out: "",
      err: expect.stringMatching(/there is no such folder\. The others: cc-dm run --team planner\n$/),
    });
    expect((await run("--team", "planner", "--dry-run")).out).toBe("cc-dm run planner\n");
    expect((await run("wbe")).err).toContain('no profile "wbe". Did you mean web?');
    expect(await run("planner", "--yes")).toMatchObject({ exit: 0 });
    expect(started().settings).toMatchObject({ CC_DM_SESSION_NAME: "planner" });
  });

  test("without a client, without a file, or by a client that is ourselves", async () => {
    const { run, repo, bin, write } = desk({ CC_DM_CLIENT: "" });
    expect(await run()).toMatchObject({
      exit: 3,
      err: expect.stringContaining('There is no "claude" on the PATH. Install'),
    });
    symlinkSync(built.file, join(bin, "claude"));
    expect(await run()).toMatchObject({ exit: 3, err: expect.stringContaining("is cc-dm itself") });
    write({ profiles: { planner: { permissionMode: "bypassPermissions" } } });
    expect(await run("planner")).toMatchObject({
      exit: 3,
      err: expect.stringContaining("does not belong here"),
    });
    Bun.spawnSync(["rm", join(repo, ".cc-dm.json")]);
    expect(await run("planner")).toMatchObject({
      exit: 3,
      err: expect.stringContaining("There is no .cc-dm.json in"),
    });
  });

  test.each(["exec ", ""])("by a script that calls us again (%scc-dm run)", async (exec) => {
    const { run, bin } = desk({ CC_DM_CLIENT: "" });
    script(join(bin, "claude"), `${exec}${process.execPath} ${built.file} run "$@"`);
    expect(await run("--name", "x")).toMatchObject({
      exit: 3,
      err: expect.stringContaining("runs cc-dm run again"),
    });
  });

  test("from a session's shell, unless it is to answer and end", async () => {
    const { run, started } = desk({
      CLAUDECODE: "1",
      CC_DM_SESSION_NAME: "outer",
      CC_DM_SESSION_ROLE: "lead",
    });
    expect(await run()).toMatchObject({ exit: 3, err: expect.stringContaining("needs a terminal") });
    expect(await run("-p", "hi")).toMatchObject({ exit: 0 });
    expect(started().settings).toEqual({ CC_DM_CLIENT: fake, CC_DM_RUN_PID: String(started().pid) });
  });

  test("with settings that the session's server would not start with", async () => {
    const { run } = desk({ CC_DM_MAX_CHARS: "many" });
    expect(await run("--name", "x")).toMatchObject({
      exit: 3,
      err: expect.stringContaining("CC_DM_MAX_CHARS"),
    });
  });

  test("to show what would be run", async () => {
    const { run, hasStarted, repo } = desk();
    const { out } = await run("planner", "--dry-run", "--relay");
    expect(out).toBe(
      `CC_DM_SESSION_NAME=planner CC_DM_SESSION_ROLE=lead CC_DM_SESSION_PROJECT=shop CC_DM_PERMISSION_RELAY=on ${fake} -- ' --dangerously-skip-permissions\nand $(plan) \`it\`'\n`,
    );
    expect((await run("tests", "--dry-run")).out).toStartWith(
      `cd '${repo.replace("'", "'\\''")}/a b' && CC_DM_`,
    );
    expect(JSON.parse((await run("tests", "--dry-run", "--json")).out)).toMatchObject({
      cc_dm: expect.any(String),
      folder: join(repo, "a b"),
      settings: { CC_DM_SESSION_NAME: "tester" },
      command: [fake],
    });
    expect((await run("--team", "--dry-run", "--", "--model", "a b")).out).toBe(
      "cc-dm run planner -- --model 'a b'\ncc-dm run tests -- --model 'a b'\n",
    );
    expect(await hasStarted()).toBe(false);
  });
});

test("what is locked, and an old client, is said before it starts", async () => {
  const { run, home, bin, folder } = desk();
  mkdirSync(join(home, ".cc-dm"), { mode: 0o700 });
  writeFileSync(join(home, ".cc-dm/config.json"), '{"locked": {"CC_DM_SESSION_ROLE": "worker"}}');
  const old = join(folder, "claude/versions/2.1.100");
  mkdirSync(join(folder, "claude/versions"), { recursive: true });
  script(old, "exit 0");
  symlinkSync(old, join(bin, "claude"));
  const { exit, err } = await run("planner", "--yes", "--client", "claude");
  expect(exit).toBe(0);
  expect(err).toContain("CC_DM_SESSION_ROLE is locked in config.json");
  expect(err).toContain("is Claude Code 2.1.100; cc-dm needs 2.1.118");
  expect(err).toContain("plugin is not installed");
});

describe.if(hasWindows)("at a terminal", () => {
  const runtimes = node === null ? [process.execPath] : [process.execPath, node];

  test.each(runtimes)("by %s: keys, Ctrl-C, Ctrl-Z and fg, a new size, the exit code", async (runtime) => {
    const { repo, env } = desk();
    const view = await window.show("bash --norc --noprofile -i", { ...env, PS1: "ready " });
    await view.screen((text) => text.includes("ready"));
    await view.press(
      `cd "${repo.replace("$", "\\$")}"; ${runtime} ${built.file} run --name job --model x`,
      "Enter",
    );
    await view.screen((text) => text.includes("I am job"));
    await view.press("a", "C-c", "b");
    await view.screen((text) => /key a\s+interrupted\s+key b/.test(text));
    await view.press("C-z");
    await view.screen((text) => /stopping.*Stopped/s.test(text));
    await view.press("fg", "Enter");
    await view.screen((text) => text.includes("continued"));
    await view.press("c");
    await view.screen((text) => text.includes("key c"));
    await view.resize(90, 33);
    await view.screen((text) => text.includes("size 90x33"));
    await view.press("7");
    await view.screen((text) => /size 90x33\s+ready\s*$/.test(text)); // what is typed before is the client's
    await view.press("echo code $?", "Enter");
    await view.screen((text) => text.includes("code 47"));
  });

  test("a profile is asked for once, in these words, and again when they change", async () => {
    const { repo, env, write } = desk();
    const line = `cd "${repo.replace("$", "\\$")}"; ${process.execPath} ${built.file} run planner`;
    const question =
      /comes with this folder.*planner \(role lead, project shop\), with the first prompt:\s+│ --danger.*\[y\/N\]/s;
    const no = await window.show(line, env);
    await no.screen((text) => question.test(text));
    await no.press("Enter");
    expect(await no.ended).toBe(77);
    const yes = await window.show(line, env);
    await yes.screen((text) => question.test(text));
    // What is typed ahead belongs to the client.
    await yes.press("y", "Enter", "z");
    await yes.screen((text) => text.includes("key z"));
    await yes.press("0");
    expect(await yes.ended).toBe(40);
    const again = await window.show(line, env);
    expect(await again.screen((text) => text.includes("I am"))).not.toContain("[y/N]");
    write({ profiles: { planner: { prompt: "Now something else." } } });
    const changed = await window.show(line, env);
    await changed.screen((text) => text.includes("Now something else."));
    await changed.press("C-c");
    expect(await changed.ended).toBe(130);
  });
});
