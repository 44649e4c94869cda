/**
 * Every command of the table in surroundings that are against it: a new one is tried here by standing in the
 * table. Always one clear message, a right exit code, never a stack trace.
 */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { migrations } from "../../plugin/bus/sqlite/schema.ts";
import type { Named } from "../../plugin/cli/command.ts";
import { allCommands } from "../../plugin/cli/commands.ts";
import { main } from "../../plugin/cli/main.ts";
import { scratch } from "../fakes/scratch.ts";
import { fakeTerminal } from "./fake.ts";
import { type Built, builtProgram, type Ran, run } from "./program.ts";

const commands = await allCommands();
setDefaultTimeout(120_000);

let built: Built;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

/** What a command needs beside the operands that its usage line names. */
const more: Readonly<Record<string, readonly string[]>> = {
  install: ["--dry-run"],
  prune: ["--all", "--yes"],
  uninstall: ["--dry-run"],
  send: ["hello"],
  reply: ["hello"],
  broadcast: ["hello"],
};

const values: Readonly<Record<string, string>> = { "bash|zsh|fish": "bash" };

/** The shortest line that means something: what must stand there, and no more. */
function lineOf({ name, operands }: Named): readonly string[] {
  const needed = operands
    .replace(/\[[^\]]*\]/g, "")
    .split(/\s+/)
    .filter(Boolean)
    .map((text) => text.replace("...", ""));
  return [name, ...needed.map((text) => values[text] ?? "abcdef"), ...(more[name] ?? [])];
}

/** These do their work without a bus, and top needs a terminal first; what they then find is theirs to test. */
const busless = [
  ...["completions", "config", "demo", "doctor", "install", "run", "statusline", "top", "uninstall"],
];
const needsBus = commands.filter(({ name }) => !busless.includes(name));
const bare = { name: "", line: [] as readonly string[] };
const lines = [...needsBus.map((one) => ({ name: one.name, line: lineOf(one) })), bare];

const trace =
  /\n\s+at |\b(Type|Reference|Range|SQLite|Syntax)Error\b|node:internal|\[object |undefined|bunfs|cli(\/[\w-]+)?\.js:\d/;

/** What is wrong with how a command ended: there must be one message for a person, and nothing that only a programmer can read. */
function faults({ exit, out, err }: Ran, expected?: number): readonly string[] {
  const [found] = trace.exec(err) ?? [];
  // What did not happen may be part of a result.
  const told = exit === 0 || (exit === 1 && out !== "");
  const messages = err.split("\n").filter((line) => line.startsWith("cc-dm: ")).length;
  return [
    ...(found === undefined ? [] : [`a trace: ${found}`]),
    ...([0, 1, 2, 3, 77].includes(exit) && (expected === undefined || exit === expected)
      ? []
      : [`exit ${exit}`]),
    ...(told || messages === 1 ? [] : [`${messages} messages: ${err}`]),
  ];
}

interface World {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly before?: readonly string[];
}

const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
/** A home with a bus folder in it, made as the case wants. */
function world(make: (home: string) => void = () => {}): World {
  const folder = scratch();
  const home = join(folder, ".cc-dm");
  mkdirSync(home, { mode: 0o700 });
  make(home);
  // Whatever client this machine has is none of ours.
  return { folder, env: { HOME: folder, PATH: path, TMPDIR: folder, CC_DM_CLIENT: "/nowhere/claude" } };
}

function start(line: readonly string[], { folder, env, before = [] }: World): Promise<Ran> {
  return run([...before, process.execPath, built.file, ...line], env, folder);
}

/** Tries all, a few at once: some wait for seconds. Names those with which something is wrong. */
async function tryEach<T extends { readonly name: string }>(
  all: readonly T[],
  attempt: (one: T) => Promise<readonly string[]>,
): Promise<void> {
  const queue = [...all];
  const wrong: string[] = [];
  const next = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      for (const fault of await attempt(one)) wrong.push(`cc-dm ${one.name}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: 6 }, next));
  expect(wrong).toEqual([]);
}

const without = (complaint: string, err: string) =>
  err.includes(complaint) ? [] : [`does not say "${complaint}": ${err}`];
const talks = (out: string) => (out === "" ? [] : [`a result: ${out}`]);

const busAt = (home: string) => join(home, "bus.db");

const setpriv = process.getuid?.() === 0 && Bun.which("setpriv") !== null;
/** For root nothing is read-only: then by somebody else. */
function readOnly(): World {
  const made = world((home) => {
    const db = new Database(busAt(home));
    db.run("pragma journal_mode = wal");
    for (const step of migrations) db.run(step);
    db.run(`pragma user_version = ${migrations.length}`);
    db.close();
    chmodSync(busAt(home), 0o444);
    chmodSync(home, 0o555);
  });
  chmodSync(made.folder, 0o555);
  for (const one of [built.file, dirname(built.file)]) chmodSync(one, 0o755);
  const before = setpriv ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
  return { ...made, before };
}

describe("every command that needs the bus", () => {
  const cases: readonly (readonly [string, () => World, string])[] = [
    [
      "with no home at all",
      () => ({ ...world(), env: { PATH: path } }),
      "Neither CC_DM_HOME nor HOME is set",
    ],
    ["with a home that may not be written to", readOnly, "cannot be opened for writing"],
    ["with a bus that is a folder", () => world((home) => mkdirSync(busAt(home))), "is a folder"],
    [
      "with a bus that is garbage",
      () => world((home) => writeFileSync(busAt(home), "x".repeat(9_000))),
      "is not a database",
    ],
    [
      "with a bus of a newer cc-dm",
      () =>
        world((home) => {
          const db = new Database(busAt(home));
          db.run("create table delivery (x)");
          db.run("pragma user_version = 99");
          db.close();
        }),
      "was written by a newer cc-dm (schema 99",
    ],
  ];
  test.each([...cases])("%s says so, and exits with 3", async (_what, make, complaint) => {
    const here = make();
    await tryEach(lines, async ({ line }) => {
      const ran = await start(line, here);
      return [...faults(ran, 3), ...talks(ran.out), ...without(complaint, ran.err)];
    });
  });

  test("without a bus says so, exits with 3, and makes none; alone it says what to do", async () => {
    const here = world();
    await tryEach(lines, async ({ name, line }) => {
      const ran = await start(line, here);
      if (name === "") return faults(ran, 0);
      return [...faults(ran, 3), ...talks(ran.out), ...without("There is no bus at ", ran.err)];
    });
    expect(readdirSync(join(here.folder, ".cc-dm"))).toEqual([]);
  });

  test("with a bus that somebody keeps locked gives up in seconds, and exits with 3", async () => {
    const here = world();
    const db = new Database(busAt(join(here.folder, ".cc-dm")));
    db.run("create table delivery (x)");
    db.run("begin exclusive");
    try {
      await tryEach(lines, async ({ line }) => {
        const ran = await start(line, here);
        const late = ran.ms > 20_000 ? [`took ${ran.ms} ms`] : []; // some 3.5 s on an idle machine
        return [...faults(ran, 3), ...late, ...without("is locked by another program", ran.err)];
      });
    } finally {
      db.close();
    }
  });
});

describe("every command", () => {
  const all = commands.map((one) => ({ name: one.name, line: lineOf(one), command: one }));
  const calm = all.filter(({ name }) => !["demo", "run"].includes(name)); // these start other programs

  test("an option that there is not is named, and the exit code is 2", async () => {
    const here = world();
    // What run does not know is the client's.
    await tryEach(
      all.filter(({ name }) => name !== "run"),
      async ({ line }) => {
        const ran = await start([...line, "--no-such-option"], here);
        return [
          ...faults(ran, 2),
          ...talks(ran.out),
          ...without('There is no option "--no-such-option"', ran.err),
        ];
      },
    );
  });

  test("an operand too many is told, and the exit code is 2", async () => {
    const here = world();
    const few = all.filter(({ command }) => !command.operands.includes("..."));
    expect(few.length).toBeGreaterThan(5);
    await tryEach(few, async ({ line }) => {
      const ran = await start([...line, "too-many"], here);
      return [...faults(ran, 2), ...talks(ran.out)];
    });
  });

  test("too few operands are told, and the exit code is 2", async () => {
    const here = world();
    const needy = all.filter(({ command }) => /^[A-Za-z]/.test(command.operands));
    expect(needy.length).toBeGreaterThan(3);
    await tryEach(needy, async ({ name }) => {
      const ran = await start([name], here);
      return [...faults(ran, 2), ...talks(ran.out)];
    });
  });

  test("has --json", () => {
    const none = commands.filter(({ options }) => !("json" in options)).map(({ name }) => name);
    expect(none).toEqual([]);
  });

  const endings = [
    ["whose reader takes one line", ["--help"], "| head -n 1"],
    ["whose reader takes nothing", [], "| true"],
    ["that is closed", [], ">&-"],
  ] as const;
  test.each([...endings])("with a stdout %s ends quietly", async (_what, extra, end) => {
    const here = world();
    await tryEach(calm, async ({ name, line }) => {
      const words = extra.length > 0 ? [name, ...extra] : line;
      const shell = `"$@" ${end}; exit \${PIPESTATUS[0]}`;
      const command = ["bash", "-c", shell, "bash", process.execPath, built.file, ...words];
      const { exit, err } = await run(command, here.env, here.folder);
      const fine = extra.length > 0 ? [0, 141] : [0, 1, 2, 3, 77, 141];
      const [found] = trace.exec(err) ?? [];
      return [
        ...(fine.includes(exit) ? [] : [`exit ${exit}`]),
        ...(found === undefined ? [] : [`a trace: ${found}`]),
      ];
    });
  });

  test("without a stderr ends as it does with one", async () => {
    const here = world();
    await tryEach(calm, async ({ line }) => {
      const shell = (end: string) =>
        run(
          ["bash", "-c", `"$@" ${end}`, "bash", process.execPath, built.file, ...line],
          here.env,
          here.folder,
        );
      const [heard, unheard] = [await shell("2>/dev/null"), await shell("2>&-")];
      return heard.exit === unheard.exit ? [] : [`exit ${unheard.exit}, and ${heard.exit} with one`];
    });
  });

  test("with a home that is a file, and next to no environment, is clear too", async () => {
    const folder = scratch();
    writeFileSync(join(folder, ".cc-dm"), "");
    // What doctor finds is its result, and its exit code says how bad that is.
    await tryEach(
      calm.filter(({ name }) => name !== "doctor"),
      async ({ line }) =>
        faults(
          await start(line, { folder, env: { HOME: folder, PATH: path, CC_DM_CLIENT: "/nowhere/claude" } }),
        ),
    );
  });

  test("tells how it goes in 40 columns, but for what is to be copied", async () => {
    for (const command of commands) {
      const { terminal, written } = fakeTerminal({ columns: 40 });
      expect(await main(terminal, [command.name, "--help"])).toBe(0);
      const [text = ""] = written.out.split("\nExamples:");
      const long = text
        .split("\n")
        .filter((line) => Bun.stringWidth(line) > 40 && / \S+ \S/.test(line.trim()));
      expect({ name: command.name, long: long.filter((line) => !line.startsWith("Usage: ")) }).toEqual({
        name: command.name,
        long: [],
      });
    }
  });
});

test("a command that there is not is named, with the one that was meant", async () => {
  const here = world();
  const words = [
    { name: "hwo", way: "Did you mean who?" },
    { name: "dm", way: "Did you mean send?" }, // as the tool is called
    { name: "ls", way: "Did you mean who?" },
    { name: "zzzzzz", way: "There are: who, " },
  ];
  await tryEach(words, async ({ name, way }) => {
    const ran = await start([name], here);
    return [...faults(ran, 2), ...talks(ran.out), ...without(way, ran.err)];
  });
});
