/**
 * Who is taken for the person. Each way in which a session's shell may try to approve for its user is
 * refused with exit code 77, decides nothing and is on record; the same line in a window of the
 * person's is taken.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { cleanEnv, type TestSession } from "../support/session.ts";
import { testBus } from "../support/testbus.ts";
import { type Built, builtProgram, script } from "./program.ts";
import { hasWindows, windows } from "./window.ts";
import { type Prompted, prompt, relayOn } from "./worker.ts";

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const window = windows(); // before the bus: what runs in them must have ended when it looks
const bus = testBus();

// A shell that stays above what it starts, as a client does: the session is not this process's own.
const apart = ["sh", "-c", '"$@"; exit', "sh"];
let worker: TestSession;
let asked: Prompted;
beforeEach(async () => {
  worker = await bus.start({ name: "api", env: relayOn, through: apart });
  asked = await prompt(bus, worker);
});

const approve = () => `'${process.execPath}' '${built.file}' approve ${asked.letters}`;
const inWindow = (line: string) => window.run(line, { CC_DM_HOME: bus.home });

interface Tried {
  readonly exit: number;
  readonly err: string;
}

async function expectRefused(tried: Tried, why: string): Promise<void> {
  expect(tried.err).toContain(why);
  expect(tried.exit).toBe(77);
  const db = bus.open();
  const recorded = db.query<{ detail: string }, [string]>(
    "select detail from audit where request = ? and kind = 'refused'",
  );
  expect(recorded.all(asked.id)).toEqual([{ detail: expect.stringContaining(why) }]);
  expect(db.query("select state from permission_request").all()).toEqual([{ state: "open" }]);
  expect(db.query("select * from verdict").all()).toEqual([]);
}

/** Below this test, which is the client of the sessions it starts itself; on a terminal of its own. */
async function below(line: string): Promise<Tried> {
  const child = Bun.spawn(["script", "-qec", line, "/dev/null"], {
    env: { ...cleanEnv(bus.folder, {}), CC_DM_HOME: bus.home },
    stdin: "ignore",
    stdout: "pipe",
  });
  const [err, exit] = await Promise.all([child.stdout.text(), child.exited]);
  return { exit, err };
}

describe.if(hasWindows)("in a window of the person's", () => {
  test("it is taken", async () => {
    expect(await inWindow(approve())).toMatchObject({ exit: 0, err: "" });
    expect(await asked.decision).toEqual({ behavior: "allow" });
  });

  test("shells between, however many, do no harm", async () => {
    const nest = join(bus.folder, "nest");
    script(nest, `if [ "$1" = 0 ]; then ${approve()}; else "$0" $(($1 - 1)); exit $?; fi`);
    expect(await inWindow(`${nest} 40`)).toMatchObject({ exit: 0, err: "" });
  });

  test("without a terminal as its input it is refused", async () => {
    await expectRefused(await inWindow(`${approve()} </dev/null`), "its input is no terminal");
  });

  test("a deny is refused as an approve is", async () => {
    const tried = await inWindow(`${approve().replace("approve", "deny")} </dev/null`);
    await expectRefused(tried, "its input is no terminal");
  });

  test("with a terminal as its input that it does not answer to it is refused", async () => {
    await expectRefused(await inWindow(`setsid -w ${approve()}`), "it has no terminal to answer to");
  });

  test("cut loose by a double fork, with the terminal still its own, it is refused", async () => {
    const loose = join(bus.folder, "loose");
    const parent = `$(cut -d' ' -f4 /proc/$$/stat)`;
    script(
      loose,
      `middle=$1; until [ "${parent}" != "$middle" ]; do :; done; ${approve()} 2>${loose}.err; echo $? >${loose}.exit`,
    );
    const fork = join(bus.folder, "fork");
    script(fork, `${loose} $$ </dev/tty & exit`);
    const wait = `until [ -s ${loose}.exit ]; do :; done; cat ${loose}.err >&2; exit $(cat ${loose}.exit)`;
    await expectRefused(await inWindow(`${fork}; ${wait}`), "has cut it loose");
  });

  const claude = (folder: string, ...path: readonly string[]) => {
    mkdirSync(join(folder, ...path.slice(0, -1)), { recursive: true });
    const file = join(folder, ...path);
    copyFileSync(realpathSync("/bin/sh"), file);
    return file;
  };

  test("below a program called claude it is refused", async () => {
    const file = claude(bus.folder, "bin", "claude");
    await expectRefused(
      await inWindow(`${file} -c "${approve()}; exit \\$?"`),
      "it was started by Claude Code",
    );
  });

  test("below a script called claude, whatever runs it, it is refused", async () => {
    const file = join(bus.folder, "claude");
    script(file, `${approve()}; exit $?`);
    await expectRefused(await inWindow(`sh -e -u ${file}`), "it was started by Claude Code");
  });

  test("beside a client that was suspended in the same window it is taken", async () => {
    const file = claude(bus.folder, "bin", "claude");
    const line = `${file} -c "kill -STOP \\$\\$" & ${approve()}; exit=$?; kill -KILL $!; exit $exit`;
    expect(await inWindow(line)).toMatchObject({ exit: 0, err: "" });
  });

  test("below a version of Claude Code that calls itself otherwise it is refused", async () => {
    const file = claude(bus.folder, "claude", "versions", "2.1.329");
    const line = `bash -c "exec -a zsh ${file} -c \\"${approve()}; exit \\\\\\$?\\""`;
    await expectRefused(await inWindow(line), "it was started by Claude Code");
  });

  test("below what a client started it is refused, whatever became of the environment since", async () => {
    const line = `env CLAUDECODE=1 sh -c "env -u CLAUDECODE ${approve()}; exit \\$?"`;
    await expectRefused(await inWindow(line), "above it was started by Claude Code");
  });

  const unshare = Bun.which("unshare") !== null && process.getuid?.() === 0;
  test.if(unshare)("in a namespace that hides who started it it is refused", async () => {
    const line = `unshare --pid --fork --mount-proc sh -c "${approve()}; exit \\$?"`;
    await expectRefused(await inWindow(line), 'from which the client of "api" cannot be seen');
  });
});

const hasScript = Bun.which("script") !== null && process.platform === "linux";
describe.if(hasScript)("below the client of a session, on a terminal of its own,", () => {
  test("it is refused", async () => {
    await bus.start({ name: "lead" });
    await expectRefused(await below(approve()), 'it was started by the client of "lead"');
  });

  test("it is refused when the session is closed, and the environment cleared", async () => {
    await (await bus.start({ name: "lead" })).stop();
    const line = `env -i CC_DM_HOME='${bus.home}' ${approve()}`;
    await expectRefused(await below(line), 'it was started by the client of "lead"');
  });

  test("it is refused however many shells are between", async () => {
    await bus.start({ name: "lead" });
    const nest = join(bus.folder, "nest");
    script(nest, `if [ "$1" = 0 ]; then ${approve()}; else "$0" $(($1 - 1)); exit $?; fi`);
    await expectRefused(await below(`${nest} 40`), 'it was started by the client of "lead"');
  });
});
