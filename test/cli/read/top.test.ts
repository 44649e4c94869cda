/** `cc-dm top` as a person has it open, with real servers. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../support/processes.ts";
import { testBus } from "../../support/testbus.ts";
import { type Built, builtProgram, run } from "../program.ts";
import { hasWindows, type Shown, windows } from "../window.ts";
import { prompt, relayOn } from "../worker.ts";

const root = join(import.meta.dir, "..", "..", "..");
const hourMs = 3_600_000;

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows(); // before the bus: what runs in them must have ended when it looks
const bus = testBus();

/** What a person types, and then what the terminal is like: a shell line behind it tells. */
const open = (...words: readonly string[]): Promise<Shown> => openWith([], ...words);
function openWith(before: readonly string[], ...words: readonly string[]): Promise<Shown> {
  const line = [process.execPath, ...before, built.file, "top", ...words]
    .map((word) => `'${word}'`)
    .join(" ");
  return window.show(`echo before; ${line}; ${after}`, { CC_DM_HOME: bus.home });
}
const after = `code=$?; stty -a | tr ' ;' '\\n\\n' | grep -x -e echo -e icanon -e isig; echo "ended $code"; (exit $code)`;

/** It lives by the clock that `bus.turnClock` moves. */
function openByClock(): Promise<Shown> {
  const clock = { CC_DM_TEST_CLOCK: join(bus.folder, "clock.json") };
  const line = `"${process.execPath}" --preload "${root}/test/mcp/beside/clock.ts" "${root}/plugin/cli.ts" top`;
  return window.show(`echo before; ${line}; ${after}`, { CC_DM_HOME: bus.home, ...clock });
}

const has =
  (...texts: readonly string[]) =>
  (screen: string) =>
    texts.every((text) => screen.includes(text));

/** The screen of before is there again, with a cursor, and the terminal echoes. */
async function isClean(shown: Shown): Promise<void> {
  const screen = await shown.screen(has("ended"));
  expect(screen).toStartWith("before");
  for (const flag of ["isig", "icanon", "echo"]) expect(screen.split("\n")).toContain(flag);
  expect(await shown.modes()).toEqual({ alternate: false, cursor: true, wrap: true });
}

describe.if(hasWindows)("top", () => {
  test("sessions appear while one watches, and go", async () => {
    await bus.start({ name: "planner" });
    const top = await open();
    await top.screen(has("1 session ", "planner"));
    expect(await top.modes()).toEqual({ alternate: true, cursor: false, wrap: false });
    const backend = await bus.start({ name: "backend", role: "coder", project: "shop" });
    await top.screen(has("2 sessions", "backend", "coder", "shop"));
    await backend.stop();
    await top.screen((text) => !text.includes("backend"));
    await top.press("q");
    expect(await top.ended).toBe(0);
    await isClean(top);
  });

  test("a message ticks from queued to replied while one watches, and who waits for whom with it", async () => {
    const [planner, backend] = [await bus.start({ name: "planner" }), await bus.start({ name: "backend" })];
    const top = await open();
    await top.screen(has("2 sessions"));
    const { message_id } = await planner.ok("dm", {
      to: "backend",
      content: "Is the build\ngreen?",
      message_type: "question",
    });
    await top.screen(
      has("planner → backend", "queued", "Is the build ⏎ green?", "→ backend unseen", "1 unread"),
    );
    await backend.ok("inbox");
    await backend.ok("who"); // the next call is evidence that the answer of the last was read
    await top.screen((text) => has("seen", "→ backend no answer")(text) && !text.includes("unread"));
    await backend.ok("reply", { message_id, content: "It is." });
    await top.screen(
      (text) => has("replied", "backend → planner", "It is.")(text) && !text.includes("no answer"),
    );
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("a message opens in full with its thread", async () => {
    const [planner, backend] = [await bus.start({ name: "planner" }), await bus.start({ name: "backend" })];
    const { message_id } = await planner.ok("dm", { to: "backend", content: "The question\nof two lines" });
    await backend.ok("inbox");
    await backend.ok("reply", { message_id, content: "The answer" });
    const top = await open();
    await top.screen(has("The answer"));
    await top.press("Tab", "Enter");
    const text = await top.screen(has("The question", "of two lines", "The answer", String(message_id)));
    expect(text).not.toContain("Sessions");
    await top.press("Escape");
    await top.screen(has("Sessions"));
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("a row that somebody wrote past cc-dm is counted, and never shown", async () => {
    const [planner] = [await bus.start({ name: "planner" }), await bus.start({ name: "backend" })];
    await planner.ok("dm", { to: "backend", content: "the true one" });
    await planner.ok("dm", { to: "backend", content: "another" });
    bus.open().run("update message set body = 'the false one' where body = 'another'");
    const top = await open();
    const text = await top.screen(has("the true one", "1 forged"));
    expect(text).not.toContain("false");
    await planner.ok("dm", { to: "backend", content: "a third" });
    await top.screen(has("the true one", "a third", "1 forged"));
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("a request is read in full and allowed by key, and its client hears it", async () => {
    const api = await bus.start({ name: "api", env: relayOn });
    const top = await open();
    await top.screen(has("api"));
    const asked = await prompt(bus, api, { input: { command: "npm publish", cwd: "/somewhere" } });
    await top.screen(has("1 to decide", asked.letters, "npm publish"));
    await top.press("Tab", "y"); // opens it: never unread
    await top.screen(has("asks to use Bash", "cwd: /somewhere", "y allow"));
    await top.press("y");
    await top.screen(has(`${asked.letters} api: allowed`));
    expect(await asked.decision).toEqual({ behavior: "allow" });
    await top.screen((text) => !text.includes("to decide"));
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("a request is denied with a reason", async () => {
    const api = await bus.start({ name: "api", env: relayOn });
    const asked = await prompt(bus, api);
    const top = await open();
    await top.screen(has(asked.letters));
    await top.press("Tab", "Enter");
    await top.screen(has("n deny"));
    await top.press("n");
    await top.screen(has("why not"));
    await top.press("not today y", "Enter");
    await top.screen(has(`${asked.letters} api: denied`));
    expect(await asked.decision).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("not today y"),
    });
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("a message that could not be sent is there again with the next m", async () => {
    const backend = await bus.start({ name: "backend" });
    const top = await open();
    await top.screen(has("backend"));
    await top.press("m");
    await top.screen(has("to backend:"));
    await top.press("too early");
    await top.screen(has("too early"));
    const db = bus.open();
    db.run("begin immediate"); // longer than anybody waits at a terminal
    await top.press("Enter");
    await top.screen(has("is locked by another program"));
    db.run("rollback");
    await top.press("m");
    await top.screen(has("to backend: too early"));
    await top.press("Enter");
    await top.screen(has("sent to backend"));
    const { messages } = await backend.ok("inbox");
    expect(JSON.stringify(messages)).toContain("too early");
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("a message is written to a session, and it is the person who speaks", async () => {
    const backend = await bus.start({ name: "backend" });
    const top = await open();
    await top.screen(has("backend"));
    await top.press("m");
    await top.screen(has("to backend:"));
    await top.press("the spec is q ready", "Enter");
    await top.screen(has("sent to backend", "user → backend", "the spec is q ready"));
    const { messages } = await backend.ok("inbox");
    expect(JSON.stringify(messages)).toContain("the spec is q ready");
    expect(JSON.stringify(messages)).toContain("user");
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("started below a client it shows requests, and answers none", async () => {
    const api = await bus.start({ name: "api", env: relayOn });
    const asked = await prompt(bus, api);
    const line = `env CLAUDECODE=1 sh -c '"${process.execPath}" "${built.file}" top; true'`;
    const top = await window.show(line, { CC_DM_HOME: bus.home });
    await top.screen(has(asked.letters, "to look at only"));
    await top.press("Tab", "Enter");
    await top.screen(has("asks to use", "to look at only: process", "started by Claude Code"));
    await top.press("y", "n", "y");
    await top.press("Escape");
    await top.screen(has("Permissions 1", asked.letters));
    const state = bus.open().query("select state from permission_request").all();
    expect(state).toEqual([{ state: "open" }]);
    await top.press("BTab", "m", "in their name", "Enter"); // nor does it write for the person
    await top.screen(has("In whose name this is said cannot be told"));
    expect(bus.open().query("select count(*) as n from message where from_name = 'user'").all()).toEqual([
      { n: 0 },
    ]);
    asked.escape();
    await top.press("q");
    await top.ended;
  });

  test("by project, by text", async () => {
    await bus.start({ name: "planner", project: "shop" });
    await bus.start({ name: "backend", project: "shop" });
    await bus.start({ name: "writer", project: "docs" });
    const top = await open("--project", "shop");
    await top.screen((text) => has("2 sessions · project shop", "planner")(text) && !text.includes("writer"));
    await top.press("p");
    await top.screen(has("3 sessions"));
    await top.press("p");
    await top.screen((text) => has("project docs", "writer")(text) && !text.includes("planner"));
    await top.press("p", "p", "/", "plan");
    await top.screen((text) => has("/plan", "planner")(text) && !text.includes("backend"));
    await top.press("Escape");
    await top.screen(has("backend"));
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("in every size: 120 columns, 40, too few, and back", async () => {
    await bus.start({ name: "planner", role: "lead" });
    const top = await open();
    await top.resize(120, 30);
    await top.screen(has("planner", "lead", "q quit"));
    await top.resize(40, 10);
    const small = await top.screen((text) => text.includes("planner") && !text.includes("tab part"));
    const rows = small.trimEnd().split("\n");
    expect(rows.length).toBeLessThanOrEqual(10);
    expect(rows.find((text) => text.startsWith("━ Sessions"))).toHaveLength(40); // its last letter too
    await top.resize(30, 6);
    await top.screen(has("needs 40 × 10"));
    await top.resize(120, 30);
    await top.screen(has("planner", "lead", "q quit"));
    await top.press("q");
    expect(await top.ended).toBe(0);
    await isClean(top);
  });
});

describe.if(hasWindows)("top leaves the terminal as it was", () => {
  test("on Ctrl-C", async () => {
    await bus.start({ name: "planner" });
    const top = await open();
    await top.screen(has("planner"));
    await top.press("C-c");
    expect(await top.ended).toBe(0);
    await isClean(top);
  });

  test.each(["SIGTERM", "SIGHUP", "SIGINT"])("on %s", async (signal) => {
    const top = await openWith(["--preload", preload("signal.ts", `process.kill(process.pid, "${signal}")`)]);
    expect(await top.ended).toBe(0);
    await isClean(top);
  });

  test("on Ctrl-Z, and takes it again when the shell goes on with it", async () => {
    await bus.start({ name: "planner" });
    const job = `'${process.execPath}' '${built.file}' top`;
    // A shell with jobs, as a person has one; it goes on with the job when told to.
    const line = `bash -mc "${job}; echo stopped; stty -a | grep -o ' echo '; read go; fg; echo over"`;
    const top = await window.show(`echo before; ${line}`, { CC_DM_HOME: bus.home });
    await top.screen(has("planner"));
    await top.press("C-z");
    expect(await top.screen(has("stopped\n echo"))).toStartWith("before");
    expect(await top.modes()).toEqual({ alternate: false, cursor: true, wrap: true });
    await top.press("Enter");
    await top.screen(has("planner", "q quit"));
    expect(await top.modes()).toEqual({ alternate: true, cursor: false, wrap: false });
    await top.press("q");
    await top.screen(has("over"));
  });

  test("when its keyboard goes and nobody tells it, it goes too", async () => {
    const top = await window.show(
      `trap '' HUP; '${process.execPath}' '${built.file}' top; echo $? >'${bus.folder}/code'`,
      { CC_DM_HOME: bus.home },
    );
    await top.screen(has("There is no bus"));
    await top.close();
    await until("it ends", () => existsSync(join(bus.folder, "code")));
    expect(readFileSync(join(bus.folder, "code"), "utf8")).toBe("0\n");
  });

  test.each([
    ["an error nobody caught", 'throw new Error("boom")'],
    ["a promise nobody caught", 'Promise.reject(new Error("boom"))'],
  ])("on %s, and tells it", async (_what, code) => {
    const top = await openWith(["--preload", preload("crash.ts", code)]);
    expect(await top.ended).toBe(3);
    await isClean(top);
    await top.screen(has("cc-dm: Error: boom"));
  });

  /** Something that happens to the program once its screen is there. */
  function preload(name: string, code: string): string {
    mkdirSync(bus.home, { recursive: true });
    const path = join(bus.folder, name);
    // Its screen is what it writes first.
    const text = `const write = process.stdout.write.bind(process.stdout);
      let armed = true;
      process.stdout.write = (...args) => {
        if (armed) { armed = false; setTimeout(() => { ${code} }, 300); }
        return write(...args);
      };`;
    writeFileSync(path, text);
    return path;
  }
});

describe.if(hasWindows)("top and the time", () => {
  test.each([
    ["a machine that slept a night", { wallMs: 8 * hourMs, upMs: 8 * hourMs }],
    ["a clock set a day ahead", { wallMs: 24 * hourMs, upMs: 0 }],
    ["a clock set a day back", { wallMs: -24 * hourMs, upMs: 0 }],
  ])("%s: it goes on", async (_what, by) => {
    const planner = await bus.start({ name: "planner", clock: true });
    const top = await openByClock();
    await top.screen(has("planner"));
    bus.turnClock(by);
    await bus.start({ name: "backend", clock: true });
    await top.screen(has("planner", "backend"));
    await planner.ok("dm", { to: "backend", content: "still there?" });
    const text = await top.screen(has("still there?", "queued"));
    expect(text).not.toMatch(/-\d/); // no age is negative
    await top.press("q");
    expect(await top.ended).toBe(0);
  });
});

describe.if(hasWindows)("top outlives its bus", () => {
  test("which is not there yet, is removed, and is made anew", async () => {
    const top = await open();
    await top.screen(has("There is no bus"));
    const planner = await bus.start({ name: "planner" });
    await top.screen(has("planner"));
    await planner.stop();
    for (const end of ["", "-wal", "-shm"]) rmSync(`${bus.file}${end}`, { force: true });
    await top.screen((text) => text.includes("There is no bus") && !text.includes("planner"));
    await bus.start({ name: "backend" });
    await top.screen(has("backend"));
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("which is replaced by another", async () => {
    const planner = await bus.start({ name: "planner" });
    const top = await open();
    await top.screen(has("planner"));
    await planner.stop();
    renameSync(bus.home, `${bus.home}-old`);
    await bus.start({ name: "backend" });
    await top.screen((text) => text.includes("backend") && !text.includes("planner"));
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("which somebody keeps locked, and then not", async () => {
    mkdirSync(bus.home, { recursive: true });
    const other = new Database(bus.file);
    other.run("create table theirs (x)");
    other.run("begin exclusive");
    const top = await open();
    await top.screen(has("is locked by another program"));
    await top.press("?"); // and meanwhile it listens
    await top.screen(has("Keys"));
    await top.press("Escape");
    other.close();
    await top.screen(has("No session is here."));
    await top.press("q");
    expect(await top.ended).toBe(0);
  });

  test("which becomes that of a newer cc-dm: it says so and ends", async () => {
    const planner = await bus.start({ name: "planner" });
    const top = await openByClock();
    await top.screen(has("planner"));
    await planner.stop();
    bus.open().run("pragma user_version = 99");
    bus.turnClock({ wallMs: 60_000, upMs: 60_000 });
    expect(await top.ended).toBe(3);
    await isClean(top);
    await top.screen(has("was written by a newer cc-dm"));
  });

  test("of a newer cc-dm it says so and ends", async () => {
    const planner = await bus.start({ name: "planner" });
    await planner.stop();
    bus.open().run("pragma user_version = 99");
    const top = await open();
    expect(await top.ended).toBe(3);
    await isClean(top);
    await top.screen(has("was written by a newer cc-dm"));
  });
});

describe("without a terminal", () => {
  test("it says what to do instead", async () => {
    const words = [process.execPath, built.file, "top"];
    const { exit, out, err } = await run(words, { HOME: bus.folder, CC_DM_HOME: bus.home }, bus.folder);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toContain("cc-dm log --follow");
  });
});
