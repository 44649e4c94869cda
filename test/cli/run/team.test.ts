/** `cc-dm run --team`: tmux in tmux. The outer one is the person's window, the inner one a server of its own. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Terminal } from "../../../plugin/cli/command.ts";
import { openTeam } from "../../../plugin/cli/run/team.ts";
import type { Layout, Tmux } from "../../../plugin/cli/run/tmux.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { until } from "../../support/processes.ts";
import { type Built, builtProgram } from "../program.ts";
import { hasWindows, windows } from "../window.ts";
import { deskWith } from "./desk.ts";

setDefaultTimeout(60_000);

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows();
let stop: (() => void) | null = null;
afterEach(() => {
  stop?.();
  stop = null;
});

/** The desk of a person whose tmux is empty. */
function office() {
  const desk = deskWith(built);
  const sockets = join(desk.folder, "t");
  mkdirSync(sockets);
  chmodSync(sockets, 0o700);
  const env = { ...desk.env, TMUX_TMPDIR: sockets, TERM: "xterm-256color", LANG: "C.UTF-8" };
  const tmux = (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(["tmux", ...args], { env, cwd: desk.folder });
    return { exit: exitCode, out: stdout.toString().trim(), err: stderr.toString().trim() };
  };
  stop = () => void tmux("kill-server");
  const cliWith =
    (more: Readonly<Record<string, string>>) =>
    async (...words: readonly string[]) => {
      const child = Bun.spawn([process.execPath, built.file, "run", ...words], {
        env: { ...env, ...more },
        cwd: desk.repo,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [out, err, exit] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      return { exit, out, err };
    };
  const cli = cliWith({});
  const panes = (session: string) =>
    tmux("list-panes", "-s", "-t", `=${session}:`, "-F", "#{window_name}: #{@cc_dm_title}").out.split("\n");
  const screen = async (title: string, fits: (text: string) => boolean) => {
    const list = tmux("list-panes", "-a", "-F", "#{pane_id} #{@cc_dm_title}").out.split("\n");
    const pane = list.find((line) => line.slice(line.indexOf(" ") + 1) === title)?.split(" ")[0] ?? "none";
    let text = "";
    await until(`${title} shows ${fits}`, () => {
      text = tmux("capture-pane", "-p", "-t", pane).out;
      return fits(text);
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${text}`);
    });
    return { press: (...keys: readonly string[]) => void tmux("send-keys", "-t", pane, ...keys) };
  };
  return { ...desk, env, tmux, cli, cliWith, panes, screen };
}

describe.if(hasWindows)("a team", () => {
  test("opens side by side, each as its profile says, with the log; a second start opens nothing twice", async () => {
    const { cli, panes, started, hasStarted, repo, tmux } = office();
    const first = await cli("--team", "--yes", "--approver", "lead");
    expect(first).toMatchObject({ exit: 0, err: "", out: expect.stringContaining("tmux attach -t '=shop'") });
    expect(panes("shop")).toEqual(["team: planner", "team: tester", "team: the log"]);
    await until(
      "both have started",
      async () => (await hasStarted("planner")) && (await hasStarted("tester")),
    );
    expect(started("planner")).toMatchObject({
      words: ["--", " --dangerously-skip-permissions\nand $(plan) `it`"],
      settings: {
        CC_DM_SESSION_ROLE: "lead",
        CC_DM_SESSION_PROJECT: "shop",
        CC_DM_PERMISSION_APPROVER: "lead",
      },
      cwd: repo,
    });
    expect(started("tester")).toMatchObject({ words: [], cwd: join(repo, "a b") });
    expect((await cli("--team", "--yes")).err).toContain("runs already");
    expect(panes("shop")).toHaveLength(3);
    expect(tmux("list-sessions").out.split("\n")).toHaveLength(1);
  });

  test("takes words of the client to every one, unchanged, whatever tmux or a shell would make of them", async () => {
    const { cli, hasStarted, started, folder } = office();
    const trap = join(folder, "trapped");
    const words = [
      "--x",
      "a;",
      "b\\;",
      ";",
      "#{pane_id}",
      `#(touch ${trap})`,
      `$(touch ${trap})`,
      "it's",
      "a\nb",
      "",
      "--name",
    ];
    expect(await cli("--team", "tests", "--yes", "--", ...words)).toMatchObject({ exit: 0, err: "" });
    await until("it has started", () => hasStarted("tester"));
    expect(started("tester").words).toEqual(words);
    expect(existsSync(trap)).toBe(false);
  });

  test("takes a client by its path from here, and no trace of a session whose shell opens it", async () => {
    const { cliWith, hasStarted, started, repo, env } = office();
    mkdirSync(join(repo, "bin"));
    symlinkSync(env.CC_DM_CLIENT, join(repo, "bin/mine"));
    const outer = { CC_DM_CLIENT: "", CLAUDECODE: "1", CC_DM_SESSION_ROLE: "outer" };
    await cliWith(outer)("--team", "tests", "--yes", "--client", "./bin/mine");
    await until("it has started", () => hasStarted("tester"));
    expect(started("tester").settings).toMatchObject({
      CC_DM_CLIENT: join(repo, "bin/mine"),
      CC_DM_SESSION_NAME: "tester",
    });
    expect(started("tester").settings.CC_DM_SESSION_ROLE).toBeUndefined();
    expect(started("tester").inside).toBeUndefined();
  });

  test("opens in a folder whose name tmux would take for a command", async () => {
    const { cli, hasStarted, started, repo, write, folder } = office();
    const odd = "#(touch trapped)#{session_name};";
    mkdirSync(join(repo, odd));
    write({ profiles: { one: { folder: odd } } });
    expect(await cli("--team", "--yes")).toMatchObject({ exit: 0, err: "" });
    await until("it has started", () => hasStarted("one"));
    expect(started("one").cwd).toBe(join(repo, odd));
    for (const at of [folder, repo, join(repo, odd)]) expect(existsSync(join(at, "trapped"))).toBe(false);
  });

  test("opens what is missing in the session that runs, beside one that has its name", async () => {
    const { cli, panes, write, tmux } = office();
    write({ project: "a.b", profiles: { one: {}, two: {} } });
    tmux("new-session", "-d", "-s", "a_b", "sh", "-c", "read -r _");
    const { out } = await cli("--team", "one", "--yes", "--detach", "--json");
    expect(JSON.parse(out)).toMatchObject({
      session: "a_b-2",
      layout: "panes",
      panes: [
        { title: "one", opened: true },
        { title: "the log", opened: true },
      ],
    });
    expect(await cli("--team", "--yes")).toMatchObject({ err: expect.stringContaining("opened: two") });
    expect(panes("a_b-2")).toEqual(["team: one", "team: the log", "two: two"]);
  });

  test("opens once, however many start it at once", async () => {
    const { cli, panes, tmux } = office();
    tmux("new-session", "-d", "-s", "other", "sh", "-c", "read -r _"); // one server for all of them
    const started = await Promise.all(Array.from({ length: 6 }, () => cli("--team", "--yes")));
    expect(started.map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(started.filter(({ err }) => err.includes("runs already"))).toHaveLength(5);
    expect(tmux("list-sessions", "-F", "#{session_name}").out.split("\n").sort()).toEqual(["other", "shop"]);
    expect(panes("shop")).toHaveLength(3);
  });

  test("has a window each where there are many, or on request", async () => {
    const { cli, panes, write } = office();
    const many = ["a", "b", "c", "d", "e"];
    write({ project: "x", profiles: Object.fromEntries(many.map((name) => [name, {}])) });
    await cli("--team", "--yes");
    expect(panes("x")).toEqual([...many, "the log"].map((name) => `${name}: ${name}`));
  });

  test("keeps what its client said when it ends, and starts it again on Enter", async () => {
    const { cli, screen } = office();
    await cli("--team", "planner", "--yes");
    const pane = await screen("planner", (text) => text.includes("I am planner"));
    pane.press("C-c", "C-z");
    await screen("planner", (text) => /interrupted\s+stopping\s+planner is stopped/.test(text));
    pane.press("Enter");
    await screen("planner", (text) => text.includes("continued"));
    pane.press("5");
    await screen("planner", (text) => text.includes("planner has ended (exit code 45). Enter"));
    pane.press("Enter");
    await screen("planner", (text) => (text.match(/I am planner/g)?.length ?? 0) === 2);
  });

  test("takes the terminal, shows who is where, and gives it back", async () => {
    const { env, repo } = office();
    const line = `cd "${repo.replace("$", "\\$")}"; unset TMUX; ${process.execPath} ${built.file} run --team`;
    const view = await window.show(line, env);
    await view.screen((text) => /planner \(role lead.*tester \(project shop, in a b\).*\[y\/N\]/s.test(text));
    await view.press("y", "Enter");
    await view.screen((text) => /─ planner .*─ tester .*I am.*─ the log /s.test(text));
    await view.press("C-b", "d");
    expect(await view.ended).toBe(0);
  });

  test("turns the tmux that it is started in to it", async () => {
    const { tmux, repo, env } = office();
    const line = `cd "${repo.replace("$", "\\$")}"; unset TMUX; tmux -f /dev/null new-session -s mine`;
    const view = await window.show(line, { ...env, SHELL: "/bin/sh" });
    await view.screen((text) => text.includes("[mine]"));
    tmux("send-keys", "-t", "=mine:", `${process.execPath} ${built.file} run --team --yes`, "Enter");
    await view.screen((text) => /I am planner.*\[shop\]/s.test(text));
  });

  test("needs no terminal to be told that tmux is not there, and what to type then", async () => {
    const { cli, bin } = office();
    unlinkSync(join(bin, "tmux"));
    stop = null;
    expect(await cli("--team", "--yes", "--relay", "--", "--model", "a b")).toEqual({
      exit: 3,
      out: "",
      err: expect.stringMatching(
        /there is none on the PATH. Install it .*\n {2}cc-dm run planner --relay --yes -- --model 'a b'\n {2}cc-dm run tests --relay --yes -- --model 'a b'\n$/,
      ),
    });
  });

  test("that cannot be opened whole leaves nothing behind", async () => {
    const { cli, tmux, bin } = office();
    const real = Bun.which("tmux");
    unlinkSync(join(bin, "tmux"));
    await Bun.write(
      join(bin, "tmux"),
      `#!/bin/sh\ncase $1 in split-window) echo "no space" >&2; exit 1;; esac\nexec ${real} "$@"\n`,
    );
    chmodSync(join(bin, "tmux"), 0o755);
    expect(await cli("--team", "--yes")).toMatchObject({
      exit: 3,
      err: "cc-dm: tmux split-window failed: no space\n",
    });
    unlinkSync(join(bin, "tmux"));
    symlinkSync(real ?? "", join(bin, "tmux"));
    expect(tmux("has-session", "-t", "=shop").exit).not.toBe(0);
  });
});

test.each([-3_600_000, 3_600_000])(
  "whoever died over opening it has ten seconds, the clock set by %d ms",
  async (by) => {
    const clock = fakeClock();
    const half = { session: "shop", titles: [], opening: true };
    const server = { names: () => ["shop"], find: () => half, add: () => {} } as unknown as Tmux;
    let opened = false;
    const opening = openTeam({ clock } as unknown as Terminal, server, {
      mark: "m",
      panes: [],
    } as unknown as Layout);
    void opening.then(() => {
      opened = true;
    });
    clock.setWall(by);
    await clock.pass(9_000);
    expect(opened).toBe(false);
    await clock.pass(1_100);
    expect(opened).toBe(true);
  },
);
