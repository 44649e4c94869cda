/**
 * Preloaded into a program under test (`bun --preload`), ends or stops it at one point of its work:
 * `CC_DM_TEST_POINT` is `STEP:MOMENT`, such as `send:before commit`. What it does is told by the SQL it runs
 * and by what it writes, so the program itself knows nothing of this.
 *
 * A step of the store has the moments `before`, `after` (its first statement), `before commit`, `amid commit`
 * (within the bytes of the log), `after commit`; one of writing has `before`, `amid` (half of it is out), `after`.
 */
import { Database } from "bun:sqlite";
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { plugin } from "bun";

const [step = "", moment = ""] = (process.env.CC_DM_TEST_POINT ?? "").split(":");
const signal = process.env.CC_DM_TEST_SIGNAL ?? "SIGKILL";

const statements: Readonly<Record<string, RegExp>> = {
  send: /^\s*insert into message \(/,
  address: /^\s*insert into delivery \(/,
  claim: /^\s*update delivery (as d )?set state = 'handed'/,
  evidence: /^\s*update delivery set state = 'seen'/,
  mend: /^\s*insert or ignore into (message|delivery)\b/,
};
const writings: Readonly<Record<string, RegExp>> = {
  hand: /From \S+ \([^)]*\) · another session/,
  answer: /\\"message_id\\":\\"|^Sent to /,
};

// Kills are counted by these: an empty file, as the log's limit (below) holds for any other that is written.
function end(): void {
  const kills = join(process.env.CC_DM_TEST_STAGE ?? "", "kills");
  closeSync(openSync(join(kills, `${step}:${moment}@${crypto.randomUUID()}`), "w"));
  process.kill(process.pid, signal);
}

/** The log takes a few bytes more and no others: half a frame, half a commit. */
function endAmid(path: string): void {
  // https://sqlite.org/walformat.html: how many frames there are, and how many of them are in the file
  // already; if all are, the log begins anew.
  const index = readFileSync(`${path}-shm`);
  const [frames, done] = [index.readUInt32LE(16), index.readUInt32LE(96)];
  const end = 32 + (frames === done ? 0 : frames * 4_120);
  const limit = end + 1 + Math.floor(Math.random() * 4_000);
  spawnSync("prlimit", ["--pid", String(process.pid), `--fsize=${limit}:${limit}`]);
}

let inStep = false; // the step's statement ran within the transaction that is open now

function around<T>(sql: string, path: string, run: () => T): T {
  const is = statements[step]?.test(sql) === true;
  const commits = sql === "commit" && inStep;
  if ((is && moment === "before") || (commits && moment === "before commit")) end();
  if (commits && moment === "amid commit") endAmid(path);
  let result: T;
  try {
    result = run();
  } catch (error) {
    if (commits && moment === "amid commit") end(); // Bun ignores SIGXFSZ, so the write has failed instead
    throw error;
  }
  if (is) inStep = true;
  if (sql === "commit" || sql === "rollback") inStep = false;
  if ((is && moment === "after") || (commits && moment === "after commit")) end();
  return result;
}

type Run = (...args: unknown[]) => unknown;
const known = new WeakSet<object>();
const query = Database.prototype.query as unknown as (this: Database, sql: string) => object;

Database.prototype.query = function wrapped(this: Database, sql: string) {
  const statement = query.call(this, sql) as Record<string, Run>;
  if (known.has(statement)) return statement;
  known.add(statement);
  for (const name of ["run", "get", "all"]) {
    const plain = statement[name] as Run;
    statement[name] = (...args) => around(sql, this.filename, () => plain.apply(statement, args));
  }
  return statement;
} as unknown as typeof Database.prototype.query;

/** Dies before, amid or after a text that is written: half of it is out, or all. */
function pass(fd: number, text: unknown): void {
  if (writings[step]?.test(String(text)) !== true) return;
  const bytes = Buffer.from(String(text));
  if (moment === "amid") writeSync(fd, bytes.subarray(0, bytes.length >> 1));
  if (moment === "after") writeSync(fd, bytes);
  end();
}

type Write = (text: unknown, ...rest: unknown[]) => unknown;

function watched(fd: number, of: { write: Write }): void {
  const write = of.write.bind(of);
  const value: Write = (text, ...rest) => {
    pass(fd, text);
    return write(text, ...rest);
  };
  Object.defineProperty(of, "write", { value });
}

// The server writes by Bun's own stream, the hook by Bun.write, a command by the descriptor.
watched(1, process.stdout as never);
watched(2, process.stderr as never);
const writer = Bun.stdout.writer.bind(Bun.stdout);
Object.defineProperty(Bun.stdout, "writer", {
  value() {
    const sink = writer();
    watched(1, sink as never);
    return sink;
  },
});
const write = Bun.write.bind(Bun) as Write;
Bun.write = ((to: unknown, text: unknown, ...rest: unknown[]) => {
  pass(to === Bun.stdout ? 1 : 2, text);
  return write(to, text, ...rest);
}) as typeof Bun.write;

// Bun lets nobody replace a builtin module, so what a command imports of it is pointed elsewhere.
plugin({
  name: "descriptors",
  setup(build) {
    const stub = JSON.stringify(join(import.meta.dir, "fs.ts"));
    build.onLoad({ filter: /dist\/cli\/.*\.js$/ }, async ({ path }) => ({
      contents: (await Bun.file(path).text()).replace(/\bfrom ?"(node:)?fs"/g, `from${stub}`),
      loader: "js",
    }));
  },
});
(globalThis as { pass?: typeof pass }).pass = pass;
