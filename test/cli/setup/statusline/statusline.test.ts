/** dist/statusline.js as a client runs it, on real files: what it says, and that it writes nothing. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Bus, Joining } from "../../../../plugin/bus/bus.ts";
import { openSqliteBus } from "../../../../plugin/bus/sqlite/index.ts";
import { systemClock as clock } from "../../../../plugin/core/clock.ts";
import { makeKeys } from "../../../../plugin/core/keys.ts";
import { thisPlace } from "../../../../plugin/host/place.ts";
import { markOf } from "../../../../plugin/host/process.ts";
import { joining, type Member, send } from "../../../fakes/people.ts";
import { scratch } from "../../../fakes/scratch.ts";
import { type Built, builtProgram } from "../../program.ts";

const place = thisPlace();
const itself = markOf(process.pid);
const gone = { pid: 2 ** 22 + 1, start: "1" }; // above any pid of this system

let built: Built;
beforeAll(async () => {
  built = await builtProgram(["statusline.js", "cli.js"]);
});
afterAll(() => built.remove());

let home: string;
let path: string;
beforeEach(async () => {
  home = join(scratch(), "bus");
  path = join(home, "bus.db");
  await mkdir(home, { mode: 0o700 });
});

async function withBus<T>(run: (bus: Bus) => Promise<T>): Promise<T> {
  const bus = await openSqliteBus({ path, clock, boot: place.boot });
  try {
    return await run(bus);
  } finally {
    bus.end();
  }
}

/** A session whose server and client run: this very process. */
async function joined(bus: Bus, name: string, more: Partial<Joining> = {}): Promise<Member> {
  const keys = makeKeys();
  const here = { place, server: itself, client: gone, clientSession: `of-${name}` };
  const result = await bus.join(joining(name, { ...here, ...more }, keys));
  if (!result.ok) throw new Error(result.why);
  return { keys, session: result.session };
}
/** The session of the client that asks in these tests. */
const self = (bus: Bus, more: Partial<Joining> = {}) =>
  joined(bus, "backend", { client: itself, clientSession: "mine", ...more });

interface Asked {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
}

async function say({ input = '{"session_id":"mine"}', env = {}, words = [] }: Asked = {}) {
  const run = Bun.spawn([process.execPath, built.file.replace("cli.js", "statusline.js"), ...words], {
    env: {
      HOME: home,
      PATH: process.env.PATH ?? "",
      CC_DM_HOME: home,
      CLAUDE_PID: String(process.pid),
      NO_COLOR: "1",
      ...env,
    },
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  return { exit: await run.exited, out, err };
}
const line = async (asked: Asked = {}) => {
  const { out, ...rest } = await say(asked);
  expect(rest).toEqual({ exit: 0, err: "" });
  return out;
};

describe("the line", () => {
  test("names the session alone where there is nothing else", async () => {
    await withBus(async (bus) => {
      await self(bus);
      expect(await line()).toBe("[backend]\n");
    });
  });

  test("counts peers, mail, and those who wait for the person", async () => {
    await withBus(async (bus) => {
      const me = await self(bus, { project: "shop" });
      const others = await Promise.all(["api", "web"].map((name) => joined(bus, name, { project: "shop" })));
      const [api, web] = others as [Member, Member];
      await send(bus, api, [me.session]);
      await send(bus, web, [me.session]);
      await ask(bus, api);
      expect(await line()).toBe("[backend · shop · 2 peers · ✉2 · ⚠1]\n");
    });
  });

  test("counts whom it may write to: not itself, not other projects, not the unlisted, not the dead", async () => {
    await withBus(async (bus) => {
      await self(bus, { project: "shop" });
      await joined(bus, "same", { project: "shop" });
      await joined(bus, "other", { project: "elsewhere" });
      await joined(bus, "headless", { project: "shop", listed: false });
      const dead = await joined(bus, "dead", { project: "shop", server: gone });
      await ask(bus, dead);
      expect(await line()).toBe("[backend · shop · 1 peer]\n");
    });
  });

  test("of a session without a project counts those of every project", async () => {
    await withBus(async (bus) => {
      await self(bus);
      await joined(bus, "one", { project: "shop" });
      await joined(bus, "two");
      expect(await line()).toBe("[backend · 2 peers]\n");
    });
  });

  test("shows the mail of the person apart", async () => {
    await withBus(async (bus) => {
      const me = await self(bus);
      const api = await joined(bus, "api", { listed: false });
      const { session } = await joined(bus, "user", { listed: false });
      await send(bus, api, [session]);
      makePerson(session.id);
      expect(await line()).toBe("[backend · ✉ you:1]\n");
      await send(bus, api, [me.session]);
      expect(await line()).toBe("[backend · ✉1 you:1]\n");
    });
  });

  test("says that the session's own server is gone", async () => {
    await withBus(async (bus) => {
      const { session } = await self(bus, { server: gone });
      await bus.sight({ client: session.client, sessionId: "mine", transcript: null }, place);
      expect(await line()).toBe("[backend · ⚠ server gone]\n");
    });
  });

  test("goes by the client's process though its session is another since /clear", async () => {
    await withBus(async (bus) => {
      await self(bus);
      await joined(bus, "other");
      expect(await line({ input: '{"session_id":"newer"}' })).toBe("[backend · 1 peer]\n");
    });
  });

  test("where several sessions share a client process, goes by the client's session", async () => {
    await withBus(async (bus) => {
      await self(bus, { listed: false });
      await joined(bus, "second", { client: itself, clientSession: "theirs", listed: false });
      expect(await line({ input: '{"session_id":"theirs"}' })).toBe("[second]\n");
      expect(await line({ input: '{"session_id":"nobody"}' })).toBe("");
    });
  });

  test("without CLAUDE_PID finds the client above", async () => {
    await withBus(async (bus) => {
      await self(bus);
      expect(await line({ env: { CLAUDE_PID: "" } })).toBe("[backend]\n");
    });
  });

  test("of a session elsewhere on the bus is none of this client's", async () => {
    await withBus(async (bus) => {
      await joined(bus, "other");
      expect(await line()).toBe("");
    });
  });

  test("obeys no name: a row that was written past us", async () => {
    await withBus(async (bus) => {
      await self(bus);
    });
    const db = new Database(path);
    db.run("update session set name = ?, project = ?", [
      "\u001b]0;x\u0007\u001b[2Jbad\n\u202e\u200bname",
      "界".repeat(40),
    ]);
    db.close();
    expect(await line()).toBe(`[bad ⏎ name · ${"界".repeat(11)}…]\n`);
  });

  test("is coloured, unless NO_COLOR says otherwise", async () => {
    await withBus(async (bus) => {
      await self(bus);
      expect(await line({ env: { NO_COLOR: "" } })).toBe("\u001b[2m[\u001b[0mbackend\u001b[2m]\u001b[0m\n");
    });
  });
});

/** Every file below the bus's folder, with size and time of its last change. */
function traces(): readonly string[] {
  return readdirSync(home, { recursive: true })
    .map(String)
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(home, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

describe("nothing at all, and no failure", () => {
  test.each([
    ["no JSON", "hello"],
    ["nothing", ""],
    ["null", "null"],
    ["half of it", '{"session_id":"mi'],
    ["binary", "\u0000\u0001\u0002"],
  ])("for stdin that is %s", async (_what, input) => {
    await withBus(async (bus) => {
      await self(bus);
      expect(await line({ input })).toBe("");
    });
  });

  test("without a bus, which it does not make", async () => {
    expect(await line()).toBe("");
    expect(traces()).toEqual([]);
  });

  test("without any home", async () => {
    expect(await line({ env: { HOME: "", CC_DM_HOME: "" } })).toBe("");
  });

  test("where the file is no database", async () => {
    await Bun.write(path, "hello".repeat(1000));
    const before = traces();
    expect(await line()).toBe("");
    expect(traces()).toEqual(before);
  });

  test("where a newer cc-dm needs more to be known", async () => {
    await withBus(async (bus) => {
      await self(bus);
    });
    const db = new Database(path);
    db.run("pragma user_version = 1000");
    db.close();
    expect(await line()).toBe("");
  });

  test("where somebody locks readers out; it does not wait for them", async () => {
    await withBus(async (bus) => {
      await self(bus);
    });
    const db = new Database(path);
    db.run("pragma locking_mode = exclusive");
    db.run("pragma journal_mode = delete");
    db.run("begin exclusive");
    const from = performance.now();
    expect(await line()).toBe("");
    expect(performance.now() - from).toBeLessThan(1_000); // some 40 ms here; a command waits for three seconds
    db.run("rollback");
    db.close();
  });
});

test("while somebody writes it says what stood there before, at once", async () => {
  await withBus(async (bus) => {
    await self(bus);
    const db = new Database(path);
    db.run("begin immediate");
    db.run("update session set name = 'renamed'");
    expect(await line()).toBe("[backend]\n");
    db.run("rollback");
    db.close();
  });
});

test("leaves a bus that nobody has open as it was, without a file more", async () => {
  await withBus(async (bus) => {
    await self(bus);
  });
  const before = traces();
  expect(before).toHaveLength(1);
  expect(await line()).toBe("[backend]\n");
  expect(traces()).toEqual(before);
});

describe("before a status line that the person had", () => {
  async function had(command: string): Promise<Asked> {
    const file = join(home, "statusline.json");
    await Bun.write(file, JSON.stringify({ command }));
    return { words: ["--before", file] };
  }

  test("theirs comes first, from the same stdin", async () => {
    await withBus(async (bus) => {
      await self(bus);
      expect(await line(await had("cat; echo; printf '\\033[31mred\\n\\n'"))).toBe(
        '{"session_id":"mine"}\n\u001b[31mred\u001b[0m [backend]\n',
      );
    });
  });

  test("theirs is as it was where we have nothing to say", async () => {
    expect(await line(await had("printf 'a\\n\\nb \\n'"))).toBe("a\n\nb \n");
  });

  test("ours stands alone where theirs fails", async () => {
    await withBus(async (bus) => {
      await self(bus);
      expect(await line(await had("echo half; exit 3"))).toBe("[backend]\n");
      expect(await line({ words: ["--before", join(home, "nowhere.json")] })).toBe("[backend]\n");
    });
  });
});

describe("`cc-dm statusline`", () => {
  const cli = (...words: readonly string[]) => {
    const run = Bun.spawnSync([process.execPath, built.file, "statusline", ...words], {
      env: {
        HOME: home,
        PATH: "/usr/bin:/bin",
        CC_DM_HOME: home,
        CLAUDE_PID: String(process.pid),
        NO_COLOR: "1",
      },
      stdin: Buffer.from('{"session_id":"mine"}'),
    });
    return [run.exitCode, run.stdout.toString(), run.stderr.toString()] as const;
  };

  test("says the same", async () => {
    await withBus(async (bus) => {
      await self(bus);
      expect(cli()).toEqual([0, "[backend]\n", ""]);
    });
  });

  test("--json tells what it is made of, or that there is nothing", async () => {
    const told = () => {
      const [exit, out, err] = cli("--json");
      expect([exit, err]).toEqual([0, ""]);
      return JSON.parse(out);
    };
    expect(told()).toEqual({ cc_dm: "0.1.0", at: expect.stringMatching(/Z$/), session: null });
    await withBus(async (bus) => {
      const me = await self(bus, { project: "shop" });
      const api = await joined(bus, "api", { project: "shop" });
      await send(bus, api, [me.session]);
      await ask(bus, api);
      const parts = { name: "backend", project: "shop", peers: 1, unread: 1, for_user: 0 };
      expect(told().session).toEqual({ ...parts, sessions_asking: 1, server_gone: false });
    });
    expect(cli("--json", "--before", "x")[0]).toBe(2);
  });
});

/** As the command line enters the person: a row that is never open. */
function makePerson(id: string): void {
  const db = new Database(path);
  const has = db.query("select 1 from pragma_table_info('session') where name = 'person'").get() !== null;
  if (!has) db.run("alter table session add column person integer not null default 0");
  db.run("update session set person = 1, closed_at = started_at where id = ?", [id]);
  db.close();
}

/** Puts a permission request of this session on the bus. */
async function ask(bus: Bus, { session, keys }: Member): Promise<void> {
  await bus.openRequest({
    id: `request-${session.name}`,
    letters: "abcde",
    session: session.id,
    name: session.name,
    role: "worker",
    project: session.project,
    cwd: session.cwd,
    branch: null,
    tool: "Bash",
    description: "",
    input: "{}",
    askedAt: clock.now(),
    asked: [],
    publicKey: keys.publicKey,
    signature: "",
    state: "open",
  } as never);
}
