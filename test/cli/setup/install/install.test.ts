import { Database } from "bun:sqlite";
/** `cc-dm install` and `uninstall` as a person runs them, with a stand-in for the client. */
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { openSqliteBus } from "../../../../plugin/bus/sqlite/index.ts";
import type { Terminal } from "../../../../plugin/cli/command.ts";
import { placesOf } from "../../../../plugin/cli/setup/install/places.ts";
import { addStatusline, removeStatusline } from "../../../../plugin/cli/setup/install/shown.ts";
import { systemClock as clock } from "../../../../plugin/core/clock.ts";
import { find, add as insert, replace } from "../../../../plugin/core/jsontext.ts";
import { thisPlace } from "../../../../plugin/host/place.ts";
import { markOf } from "../../../../plugin/host/process.ts";
import { settingsText } from "../../../fakes/jsontexts.ts";
import { join as joins, type Member, send } from "../../../fakes/people.ts";
import { hasWindows, windows } from "../../window.ts";
import { testSetup } from "./setup.ts";

setDefaultTimeout(60_000);
const { fresh, begin, end } = testSetup();
beforeAll(begin);
afterAll(end);

const window = windows();
let on: ReturnType<typeof fresh>;
beforeEach(() => {
  on = fresh();
});
const path = (...names: readonly string[]) => join(on.home, ...names);
const write = (file: string, text: string) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const settings = () => JSON.parse(readFileSync(on.settings, "utf8"));
const steps = (out: string) =>
  Object.fromEntries(
    (JSON.parse(out).steps as { step: string; state: string }[]).map(({ step, state }) => [step, state]),
  );
const all = (state: string) => ({
  marketplace: state,
  plugin: state,
  link: state,
  path: state,
  statusline: state,
});

describe("install", () => {
  test("does all of it, and says so", () => {
    const { exit, out, err } = on.run(["install", "--statusline"]);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(on.calls()).toEqual([
      `plugin marketplace add ${on.clone}`,
      "plugin install cc-dm@cc-dm-marketplace",
    ]);
    expect(readlinkSync(path(".cc-dm/plugin"))).toBe(on.clone);
    expect(readlinkSync(path(".local/bin/cc-dm"))).toBe(path(".cc-dm/plugin/dist/cli.js"));
    expect(settings().statusLine).toEqual({
      type: "command",
      command: `bun --config=/dev/null --no-env-file --tsconfig-override=/dev/null ${path(".cc-dm/plugin/dist/statusline.js")}`,
      refreshInterval: 10,
    });
    expect(out).toContain("CC_DM_SESSION_NAME=backend claude");
    expect(out).toContain("~/.local/bin is not on your PATH");
    expect(Bun.spawnSync([path(".local/bin/cc-dm"), "--version"]).stdout.toString()).toStartWith("cc-dm ");
  });

  test("a second time changes nothing and says so", () => {
    on.run(["install", "--statusline"]);
    const before = on.tree();
    const { exit, out } = on.run(["install", "--statusline", "--json"]);
    expect(exit).toBe(0);
    expect(steps(out)).toEqual(all("already"));
    expect(JSON.parse(out)).toMatchObject({
      cc_dm: expect.any(String),
      at: expect.any(String),
      dry_run: false,
      ok: true,
    });
    expect(on.tree()).toEqual(before);
    expect(on.calls()).toHaveLength(2);
  });

  test("from a clone that was moved, or another one, it is turned to that", () => {
    on.run(["install"]);
    const [before, moved] = [on.clone, path("elsewhere")];
    on.move(moved);
    const { exit, out } = on.run(["install"]);
    expect(exit).toBe(0);
    expect(out).toMatch(/^ {2}done +marketplace /m);
    expect(on.calls()).toContain(`plugin marketplace add ${moved}`);
    expect(on.run(["install", "--dry-run"]).out).toMatch(/^ {2}already +marketplace /m);
    on.move(before);
    expect(on.run(["install", "--dry-run"]).out).toContain(
      `would    marketplace  Turn cc-dm-marketplace to ${before};`,
    );
  });

  test("a dry run does nothing at all", () => {
    write(on.settings, '{"model": "opus"}');
    const before = on.tree();
    const { exit, out } = on.run(["install", "--statusline", "--dry-run", "--json"]);
    expect(exit).toBe(0);
    expect(steps(out)).toEqual(all("would"));
    expect(on.tree()).toEqual(before);
    expect(on.calls()).toEqual([]);
  });

  test("without --statusline and with --no-path leaves settings and PATH alone", () => {
    on.run(["install", "--no-path"]);
    expect(settings()).not.toHaveProperty("statusLine");
    expect(existsSync(path(".local"))).toBe(false);
  });

  test("what fails keeps nothing else from being done, and the exit code tells", () => {
    const { exit, out } = on.run(["install", "--statusline", "--json"], { FAKE_FAILS: "marketplace add" });
    expect(exit).toBe(1);
    expect(steps(out)).toEqual({ ...all("done"), marketplace: "failed" });
    expect(out).toContain("no network");
  });

  test("without a client, or with one that is too old, nothing is done", () => {
    expect(on.run(["install", "--client", "/nowhere/claude"])).toMatchObject({
      exit: 3,
      err: expect.stringContaining("/nowhere/claude"),
    });
    expect(on.run(["install"], { FAKE_VERSION: "2.1.100 (Claude Code)" })).toMatchObject({
      exit: 3,
      err: expect.stringContaining("claude update"),
    });
    expect(on.tree()).toEqual([]);
  });

  test("what stands at its place on the PATH and is somebody else's stays", () => {
    write(path(".local/bin/cc-dm"), "#!/bin/sh\necho mine\n");
    const { exit, out } = on.run(["install", "--json"]);
    expect(exit).toBe(1);
    expect(steps(out)).toMatchObject({ plugin: "done", path: "failed" });
    expect(readFileSync(path(".local/bin/cc-dm"), "utf8")).toBe("#!/bin/sh\necho mine\n");
    expect(steps(on.run(["uninstall", "--json"]).out)).toMatchObject({ path: "left" });
    expect(existsSync(path(".local/bin/cc-dm"))).toBe(true);
  });

  test("a link that a person made by hand to a clone is turned", () => {
    mkdirSync(path(".local/bin"), { recursive: true });
    symlinkSync(join(on.clone, "dist/cli.js"), path(".local/bin/cc-dm"));
    expect(steps(on.run(["install", "--json"]).out)).toMatchObject({ path: "done" });
    expect(readlinkSync(path(".local/bin/cc-dm"))).toBe(path(".cc-dm/plugin/dist/cli.js"));
  });

  test("without Node the command is one that needs none", () => {
    const only = join(on.folder, "only");
    mkdirSync(only);
    symlinkSync(process.execPath, join(only, "bun"));
    const env = { PATH: only, CC_DM_CLIENT: join(on.folder, "bin/claude") };
    expect(on.run(["install"], env).exit).toBe(0);
    const ran = Bun.spawnSync([path(".local/bin/cc-dm"), "--version"], {
      env: { PATH: only, HOME: on.home },
    });
    expect(ran.stdout.toString()).toStartWith("cc-dm ");
    expect(steps(on.run(["install", "--json"], env).out)).toMatchObject({ path: "already" });
    expect(on.run(["uninstall"], env).exit).toBe(0);
    expect(existsSync(path(".local"))).toBe(false);
  });

  test("CC_DM_HOME and CLAUDE_CONFIG_DIR are where it goes", () => {
    const env = { CC_DM_HOME: path("bus"), CLAUDE_CONFIG_DIR: path("config") };
    expect(on.run(["install", "--statusline"], env).exit).toBe(0);
    expect(existsSync(path(".cc-dm")) || existsSync(path(".claude"))).toBe(false);
    expect(readFileSync(path("config/settings.json"), "utf8")).toContain(
      path("bus/plugin/dist/statusline.js"),
    );
    expect(on.run(["uninstall", "--purge", "--yes"], env).exit).toBe(0);
    expect(existsSync(path("bus"))).toBe(false);
  });
});

describe("the settings", () => {
  test("keep the status line that was there: ours runs it, and uninstall brings it back", () => {
    const text =
      '{\r\n\t"statusLine": {"padding": 0, "command": "echo \\u006dine", "type": "command"},\r\n\t"a": [1,  2]\r\n}';
    write(on.settings, text);
    on.run(["install", "--statusline"]);
    const { statusLine } = settings();
    expect(statusLine).toEqual({ type: "command", padding: 0, command: expect.stringContaining("--before") });
    const shown = Bun.spawnSync(["sh", "-c", statusLine.command], {
      env: { HOME: on.home, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
      stdin: Buffer.from("{}"),
    });
    expect(shown.stdout.toString()).toBe("mine\n");
    expect(on.run(["uninstall"]).exit).toBe(0);
    expect(readFileSync(on.settings, "utf8")).toBe(text);
    expect(existsSync(`${on.settings}.before-cc-dm`)).toBe(false);
  });

  test.each([
    ["a clone that is gone", () => renameSync(on.clone, path("away"))],
    ["a home of cc-dm's that is gone", () => rmSync(path(".cc-dm"), { recursive: true })],
    ["a machine without Bun", () => rmSync(join(on.folder, "bin", "bun"))],
  ])("leave the person their own status line on %s", (_what, lose) => {
    const quotes = `it's "a" \\ $HOME \u200d\u26a1\ufe0f # no comment`;
    const command = `read -r line; printf '%s|' "$line" '${quotes.replaceAll("'", "'\\''")}' # mine\n exit 0`;
    write(on.settings, JSON.stringify({ statusLine: { type: "command", command } }));
    symlinkSync("/bin/sh", join(on.folder, "bin", "sh"));
    const env = { HOME: on.home, PATH: join(on.folder, "bin") }; // with no other Bun on it
    const shown = () =>
      Bun.spawnSync(["/bin/sh", "-c", settings().statusLine.command], {
        env,
        stdin: Buffer.from('{"a": 1}\n'),
      });
    const own = shown().stdout.toString();
    expect(own).toBe(`{"a": 1}|${quotes}|`);
    on.run(["install", "--statusline"]);
    expect(shown().stdout.toString()).toBe(own);
    lose();
    const { stdout, stderr, exitCode } = shown();
    expect({ out: stdout.toString(), err: stderr.toString(), exitCode }).toEqual({
      out: own,
      err: "",
      exitCode: 0,
    });
  });

  test("that the person changed since keep the change, and the copy from before is named", () => {
    write(on.settings, '{"model": "opus"}');
    on.run(["install", "--statusline"]);
    write(on.settings, JSON.stringify({ ...settings(), theme: "dark" }));
    const { exit, out } = on.run(["uninstall"]);
    expect(exit).toBe(0);
    expect(out).toContain("settings.json.before-cc-dm");
    expect(settings()).toMatchObject({ model: "opus", theme: "dark" });
    expect(settings()).not.toHaveProperty("statusLine");
    expect(readFileSync(`${on.settings}.before-cc-dm`, "utf8")).toBe('{"model": "opus"}');
  });

  test("with a status line that the person has changed since keep that", () => {
    on.run(["install", "--statusline"]);
    const { statusLine } = settings();
    const command = `${statusLine.command} | tr a-z A-Z`;
    write(on.settings, JSON.stringify({ ...settings(), statusLine: { ...statusLine, command } }));
    const { out } = on.run(["uninstall", "--json"]);
    expect(steps(out)).toMatchObject({ statusline: "left", plugin: "done" });
    expect(settings().statusLine.command).toBe(command);
  });

  test.each([
    ["no JSON", "{ // mine\n}"],
    ["a list", "[]"],
    ["half", '{"a":'],
    ["a status line that is no command", '{"statusLine": "hello"}'],
  ])("that are %s are refused and stay as they are", (_what, text) => {
    on.run(["install"]);
    write(on.settings, text);
    const { exit, out } = on.run(["install", "--statusline", "--json"]);
    expect(exit).toBe(1);
    expect(steps(out).statusline).toBe("failed");
    expect(out).toContain("Nothing was changed");
    expect(readFileSync(on.settings, "utf8")).toBe(text);
    expect(existsSync(path(".cc-dm/statusline.json"))).toBe(false);
  });

  test("that are read-only are refused; their rights stay where they are not; a link stays one", () => {
    on.run(["install"]);
    const real = path("dotfiles/settings.json");
    mkdirSync(dirname(real));
    renameSync(on.settings, real);
    symlinkSync(real, on.settings);
    chmodSync(real, 0o440);
    expect(steps(on.run(["install", "--statusline", "--json"]).out).statusline).toBe("failed");
    chmodSync(real, 0o640);
    expect(steps(on.run(["install", "--statusline", "--json"]).out).statusline).toBe("done");
    expect(readlinkSync(on.settings)).toBe(real);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readFileSync(real, "utf8")).toContain("statusline.js");
  });
});

describe("where install.sh had the client install first", () => {
  const client = (...words: readonly string[]) =>
    Bun.spawnSync([join(on.folder, "bin/claude"), ...words], {
      env: { HOME: on.home, PATH: "/usr/bin:/bin" },
    });

  test.each([
    ["no settings", null, null],
    [
      "settings",
      '{"model":"opus","enabledPlugins":{"a@b":true}}',
      { model: "opus", enabledPlugins: { "a@b": true } },
    ],
    ["settings that know no plugins", '{"model":"opus"}', { model: "opus" }],
  ])("%s are in the end what they were", (_what, text, after) => {
    if (text !== null) write(on.settings, text);
    client("plugin", "marketplace", "add", on.clone);
    client("plugin", "install", "cc-dm@cc-dm-marketplace");
    expect(on.run(["install", "--statusline"]).exit).toBe(0);
    expect(on.run(["uninstall"]).exit).toBe(0);
    expect(existsSync(on.settings) ? settings() : null).toEqual(after);
    expect(existsSync(`${on.settings}.before-cc-dm`)).toBe(false);
  });
});

test("settings that cannot be read keep install from starting and stay as they are", () => {
  write(on.settings, "{ // mine");
  const { exit, err } = on.run(["install"]);
  expect(exit).toBe(3);
  expect(err).toContain("is not valid JSON");
  expect(on.calls()).toEqual([]);
  expect(readFileSync(on.settings, "utf8")).toBe("{ // mine");
});

describe("uninstall", () => {
  test.each([
    ["no settings", null],
    ["settings of their own", '{ "model":"opus" ,\n\n  "env": {}}\n\n'],
    ["a status line", '{"statusLine":{"type":"command","command":"date"}}'],
  ])("after install leaves a home with %s as it was", (_what, text) => {
    if (text !== null) write(on.settings, text);
    const own = () => on.tree().filter((line) => !/^\.claude(\/ |\/plugins)/.test(line));
    const before = own();
    expect(on.run(["install", "--statusline"]).exit).toBe(0);
    expect(own()).not.toEqual(before);
    const { exit, err } = on.run(["uninstall", "--purge", "--yes"]);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(own()).toEqual(before);
    const again = on.run(["uninstall", "--purge", "--yes", "--json"]);
    expect(again.exit).toBe(0);
    expect(new Set(Object.values(steps(again.out)))).toEqual(new Set(["already"]));
  });

  test("without --purge keeps the bus, and says so", () => {
    on.run(["install"]);
    write(path(".cc-dm/bus.db"), "");
    const { out } = on.run(["uninstall"]);
    expect(existsSync(path(".cc-dm/bus.db"))).toBe(true);
    expect(out).toContain("stay in ~/.cc-dm. To remove them too: bun ");
    const [, again = ""] = /too: bun (\S+) uninstall --purge$/m.exec(out) ?? [];
    expect(existsSync(again)).toBe(true);
  });

  test("where no session ever ran nothing stays, and nothing else is said", () => {
    on.run(["install"]);
    expect(on.run(["uninstall", "--dry-run"]).out).toContain("stay in ~/.cc-dm; with --purge");
    expect(on.run(["uninstall"]).out).not.toContain("stay in");
    expect(existsSync(path(".cc-dm"))).toBe(false);
    expect(on.run(["uninstall", "--dry-run"]).out).not.toContain("stay in");
  });

  test("goes on where a step fails, and the exit code tells", () => {
    on.run(["install"]);
    const { exit, out } = on.run(["uninstall", "--json"], { FAKE_FAILS: "uninstall" });
    expect(exit).toBe(1);
    expect(steps(out)).toMatchObject({ plugin: "failed", marketplace: "done", path: "done", link: "done" });
    expect(on.run(["uninstall"]).exit).toBe(0);
  });

  test("where the client is gone removes the rest, and says what is left to do", () => {
    on.run(["install"]);
    rmSync(join(on.folder, "bin/claude"));
    const { exit, out } = on.run(["uninstall", "--json"]);
    expect(exit).toBe(1);
    expect(steps(out)).toMatchObject({ plugin: "failed", path: "done", link: "done" });
    expect(out).toContain("claude plugin uninstall cc-dm@cc-dm-marketplace");
  });

  test("--purge wants a yes, which nobody can give here", () => {
    on.run(["install"]);
    const before = on.tree();
    const { exit, err } = on.run(["uninstall", "--purge"]);
    expect(exit).toBe(2);
    expect(err).toContain("Say --yes");
    expect(on.tree()).toEqual(before);
  });

  test("--purge of a folder by another name leaves what is not ours", () => {
    const env = { CC_DM_HOME: path("shared") };
    write(path("shared/thesis.txt"), "mine");
    for (const name of ["bus.db", "agreed.json", "bus-damaged-20261121.db"])
      write(path(`shared/${name}`), "");
    on.run(["install"], env);
    const { exit, out } = on.run(["uninstall", "--purge", "--yes"], env);
    expect(exit).toBe(0);
    expect(out).toContain("thesis.txt");
    expect(on.tree().filter((line) => line.startsWith("shared"))).toEqual([
      expect.stringMatching(/^shared\/ /),
      "shared/thesis.txt 644 mine",
    ]);
  });

  test("--purge inside a client is refused, whatever else is said", () => {
    on.run(["install"]);
    const before = on.tree();
    const claude = join(on.folder, "inside", "claude");
    write(claude, '#!/bin/sh\n"$@"\nexit $?\n');
    chmodSync(claude, 0o755);
    const cli = join(on.clone, "dist", "cli.js");
    const ran = Bun.spawnSync([claude, process.execPath, cli, "uninstall", "--purge", "--yes", "--force"], {
      env: { HOME: on.home, PATH: "/usr/bin:/bin" },
      stderr: "pipe",
    });
    expect(ran.exitCode).toBe(77);
    expect(ran.stderr.toString()).toContain("a session must not remove everybody's messages");
    expect(on.tree()).toEqual(before);
  });

  test("--purge says what mail is lost, and is refused while sessions run, unless forced", async () => {
    mkdirSync(path(".cc-dm"), { mode: 0o700 });
    const place = thisPlace();
    const bus = await openSqliteBus({ path: path(".cc-dm/bus.db"), clock, boot: place.boot });
    const itself = markOf(process.pid);
    const [lead, api] = await Promise.all(
      ["lead", "api"].map((name) => joins(bus, name, { place, server: itself, client: itself })),
    );
    await send(bus, lead as Member, [(api as Member).session], { sentAt: clock.now() });
    const refused = on.run(["uninstall", "--purge", "--yes"]);
    expect(refused).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/sessions run on this bus: (lead, api|api, lead)/),
    });
    expect(existsSync(path(".cc-dm/bus.db"))).toBe(true);
    expect(on.run(["uninstall", "--purge", "--dry-run"]).out).toContain("1 (api 1)");
    expect(on.run(["uninstall", "--purge", "--yes", "--force"]).exit).toBe(0);
    expect(existsSync(path(".cc-dm"))).toBe(false);
    bus.end();
  });

  test("--purge is refused where it cannot be told whether sessions run", async () => {
    mkdirSync(path(".cc-dm"), { mode: 0o700 });
    (await openSqliteBus({ path: path(".cc-dm/bus.db"), clock, boot: thisPlace().boot })).end();
    const db = new Database(path(".cc-dm/bus.db"));
    db.run("pragma user_version = 99");
    db.close();
    expect(on.run(["uninstall", "--purge", "--yes"])).toMatchObject({
      exit: 1,
      err: expect.stringContaining("whether sessions run on this bus cannot be told"),
    });
    expect(existsSync(path(".cc-dm/bus.db"))).toBe(true);
    expect(on.run(["uninstall", "--purge", "--yes", "--force"]).exit).toBe(0);
  });

  test("--purge of a home with another name leaves nothing of cc-dm there, and nothing else's gone", () => {
    const ours = [
      "bus.db",
      "bus-damaged-20261121-120000.db",
      "bus-damaged-20261121-120000-2.db-wal",
      "bus-damaged-20261121-120000.db.copy",
      "bus.db.aside",
      "bus.db.lock",
      "bus.db.new-wal",
      "agreed.json",
      "user.key",
    ];
    for (const name of [...ours, "notes.txt"]) write(path("elsewhere", name), "x");
    expect(on.run(["uninstall", "--purge", "--yes"], { CC_DM_HOME: path("elsewhere") }).exit).toBe(0);
    expect(readdirSync(path("elsewhere"))).toEqual(["notes.txt"]);
  });
});

describe.if(hasWindows)("in a terminal --purge asks", () => {
  const ask = async (answer: string) => {
    on.run(["install"]);
    const line = `'${process.execPath}' '${join(on.clone, "dist", "cli.js")}' uninstall --purge`;
    const shown = await window.show(line, { HOME: on.home, PATH: `${join(on.folder, "bin")}:/usr/bin:/bin` });
    const before = await shown.screen((text) => text.includes("[y/N]"));
    expect(before).toContain("No mail waits unread");
    await shown.press(answer, "Enter");
    return shown.ended;
  };

  test("and after a yes removes it all", async () => {
    expect(await ask("y")).toBe(0);
    expect(existsSync(path(".cc-dm"))).toBe(false);
  });

  test("and after anything else does nothing", async () => {
    expect(await ask("n")).toBe(1);
    expect(existsSync(path(".cc-dm/plugin"))).toBe(true);
    expect(on.calls().some((call) => call.includes("uninstall"))).toBe(false);
  });
});

test("whatever the settings, install and uninstall leave them byte for byte", () => {
  const terminal = { env: {} } as Terminal;
  const places = placesOf({ env: { HOME: on.home }, program: join(on.clone, "dist", "cli.js") });
  const [add, remove] = [addStatusline(places, terminal), removeStatusline(places, terminal)];
  const theirs = fc.option(fc.record({ type: fc.constant("command"), command: fc.string() }));
  mkdirSync(dirname(on.settings));
  fc.assert(
    fc.property(settingsText, theirs, (text, statusLine) => {
      const before = statusLine === null ? text : spelled(insert(text, "statusLine", statusLine));
      writeFileSync(on.settings, before);
      expect(add.look().kind).toBe("todo");
      add.run();
      expect(readFileSync(on.settings, "utf8")).not.toBe(before);
      expect(add.look().kind).toBe("already");
      expect(remove.look().kind).toBe("todo");
      remove.run();
      expect(readFileSync(on.settings, "utf8")).toBe(before);
    }),
    { numRuns: 300 },
  );
});

/** The status line's command with every letter escaped: the same to JSON, and other bytes. */
function spelled(text: string): string {
  const at = find(text, "statusLine", "command");
  if (at === null) throw new Error("there is no command");
  const command = JSON.parse(text.slice(at.value.start, at.value.end)) as string;
  const letters = Array.from({ length: command.length }, (_, i) => command.charCodeAt(i));
  const token = letters.map((code) => `\\u${code.toString(16).padStart(4, "0")}`).join("");
  return replace(text, at.value, `"${token}"`);
}
