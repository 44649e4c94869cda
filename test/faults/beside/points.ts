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

const [step = "", moment = ""] = (process.env.CC_DM_TEST_POINT ?? "").split(":");
const signal = process.env.CC_DM_TEST_SIGNAL ?? "SIGKILL";

const statements: Readonly<Record<string, RegExp>> = {
  send: /^\s*insert into message \(/,
  address: /^\s*insert into delivery \(/,
  claim: /^\s*update delivery set state = 'handed'/,
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

for (const [stream, fd] of [
  [process.stdout, 1],
  [process.stderr, 2],
] as const) {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = ((text: unknown, ...rest: unknown[]) => {
    const is = writings[step]?.test(String(text)) === true;
    if (is && moment === "before") end();
    if (is && moment === "amid") {
      const bytes = Buffer.from(String(text));
      writeSync(fd, bytes.subarray(0, bytes.length >> 1));
      end();
    }
    if (is && moment === "after") {
      writeSync(fd, String(text));
      end();
    }
    return write(text, ...rest);
  }) as typeof stream.write;
}

// The hook writes past process.stderr, which takes long to load.
const written = Bun.write.bind(Bun) as (...args: unknown[]) => Promise<number>;
Bun.write = ((to: unknown, text: unknown, ...rest: unknown[]) => {
  const is = writings[step]?.test(String(text)) === true;
  if (is && moment === "before") end();
  if (is && moment === "amid") {
    const bytes = Buffer.from(String(text));
    writeSync(2, bytes.subarray(0, bytes.length >> 1));
    end();
  }
  if (is && moment === "after") {
    writeSync(2, String(text));
    end();
  }
  return written(to, text, ...rest);
}) as typeof Bun.write;
