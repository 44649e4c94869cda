import { ptr } from "bun:ffi";
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Env } from "../core/home.ts";
import { libc } from "./libc.ts";

export interface Start {
  /** Absolute. */
  readonly file: string;
  readonly words: readonly string[];
  readonly env: Env;
  readonly cwd: string;
}

/**
 * Goes on as another program: same process, same terminal, nothing in between that could swallow a key
 * or miss that its child was stopped (Ctrl-Z: Claude Code stops itself alone, and a parent that waits for
 * its end would keep the terminal for good). Returns only where that is not possible: then the program
 * runs as a child, and its exit code is returned.
 *
 * @throws Error if it cannot be started at all.
 */
export async function become(start: Start): Promise<number> {
  // A pipe takes what was written a little later, and after this nobody would.
  await Promise.all([process.stdout, process.stderr].map((stream) => flushed(stream)));
  process.chdir(start.cwd);
  replace(start);
  return accompany(start);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}

// Bun makes pipes non-blocking, which all that have them share: most programs then lose what they write.
// fcntl(2) takes its third argument as one of many: in a register, or on the stack behind eight (Apple's arm64).
const nonBlocking = process.platform === "darwin" ? 0x4 : 0x800;
const [getFlags, setFlags] = [3, 4];
const somewhere = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;

// Bun ignores both, and what is ignored stays so in the next program: `yes | head` would never end there.
const signals = { SIGPIPE: 13, SIGXFSZ: 25 } as const;

/** execve(2), 0.3 ms. Returns if this system has none that can be reached, or it failed. */
function replace({ file, words, env }: Start): void {
  const system = libc({
    execve: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
    signal: { args: ["i32", "ptr"], returns: "ptr" },
    fcntl: { args: ["i32", "i32", ...somewhere], returns: "i32" },
  });
  if (system === null) return;
  const held: Uint8Array[] = []; // no pointer into a buffer that is gone
  const text = (value: string) => {
    const bytes = Buffer.from(`${value}\0`);
    held.push(bytes);
    return ptr(bytes);
  };
  const list = (values: readonly string[]) =>
    new BigUint64Array([...values.map((one) => BigInt(text(one))), 0n]);
  const entries = Object.entries(env).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${value}`],
  );
  const [argv, envp] = [list([file, ...words]), list(entries)];
  for (const signal of Object.values(signals)) system.signal(signal, null);
  for (const fd of [0, 1, 2]) {
    const flags = system.fcntl(fd, getFlags, 0, 0, 0, 0, 0, 0, 0) & ~nonBlocking;
    if (flags >= 0) system.fcntl(fd, setFlags, flags, flags, flags, flags, flags, flags, flags);
  }
  system.execve(text(file), argv, envp);
}

/** Runs it as a child that has this terminal. @returns its exit code, as a shell tells it. */
export async function accompany({ file, words, env, cwd }: Start): Promise<number> {
  let child: ChildProcess | null = null;
  // A Ctrl-C reaches the child from the terminal itself, and it decides when to go.
  const nothing = () => {};
  const pass = (signal: NodeJS.Signals) => void child?.kill(signal);
  process.on("SIGINT", nothing).on("SIGTERM", pass).on("SIGHUP", pass); // before it: it may be quick
  try {
    const started = spawn(file, [...words], { stdio: "inherit", env: { ...env }, cwd });
    child = started;
    return await new Promise((resolve, reject) => {
      started.on("error", reject);
      started.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));
    });
  } finally {
    process.off("SIGINT", nothing).off("SIGTERM", pass).off("SIGHUP", pass);
  }
}
