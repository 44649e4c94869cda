#!/usr/bin/env node
/**
 * `cc-dm` for people and scripts. Starts under Node too, because that is what a `#!` can count on:
 * there it finds Bun and hands over to it. So nothing here may be loaded from Bun before that is
 * known, and the program itself comes by a late import.
 */
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

const unable = 3;
const me = fileURLToPath(import.meta.url);
const words = process.argv.slice(2);

function findBun(): string | null {
  const { PATH = "", HOME = "", USERPROFILE = HOME, BUN_INSTALL = join(USERPROFILE, ".bun") } = process.env;
  const name = process.platform === "win32" ? "bun.exe" : "bun";
  const folders = [...PATH.split(delimiter).filter(isAbsolute), join(BUN_INSTALL, "bin")];
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs this very file by Bun, with this terminal as its own. From Node 22.15 on in place of this process;
 * before, as a child, and whatever stops the child stops us: the shell waits for us alone.
 */
async function handOver(bun: string): Promise<void> {
  const found = await piece(() => import("./host/alone.ts"));
  if (found === null) return;
  const given = [...found.alone(me), me, ...words];
  // Not on Windows. It warns that it is experimental, but that warning comes a tick too late to be seen.
  if (process.platform !== "win32")
    process.execve?.(bun, [bun, ...given], process.env as Record<string, string>);
  const { spawn } = await import("node:child_process");
  // Before there is a child: who stops us in the moment after must stop it too. (They are heard a turn later.)
  // A Ctrl-C reaches the child from the terminal itself, and it decides when to go.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  process.on("SIGCHLD", () => {
    if (isStopped(child.pid)) process.kill(process.pid, "SIGSTOP");
  });
  const child = spawn(bun, given, { stdio: "inherit" });
  child.on("error", (error) => give(`${bun} could not be started (${error.message}). ${how}`));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}

function isStopped(pid: number | undefined): boolean {
  try {
    return /^\d+ \(.*\) T /s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false; // gone, or a system without it
  }
}

const how = "Get Bun 1.4 or newer: npm i -g bun, or https://bun.sh";

function give(up: string): void {
  process.stderr.write(`cc-dm: ${up}\n`);
  process.exitCode = unable;
}

async function run(): Promise<void> {
  const [major = 0, minor = 0] = (process.versions.bun ?? "").split(".").map(Number);
  if (major < 1 || (major === 1 && minor < 4)) {
    give(`Bun ${process.versions.bun} (${process.execPath}) is too old. ${how}`);
    return;
  }
  const found = await piece(() => import("./cli/program.ts"));
  if (found !== null) process.exitCode = await found.program(me, words, process.env);
}

/** What lies beside this file, unless somebody copied it alone, or is just replacing it all. */
async function piece<T>(load: () => Promise<T>): Promise<T | null> {
  try {
    return await load();
  } catch (error) {
    give(`${me} is no whole cc-dm. Run it again; if that does not help, install it anew. (${error})`);
    return null;
  }
}

if (process.versions.bun !== undefined) await run();
else {
  const bun = findBun();
  if (bun === null) give(`There is no Bun on the PATH, and cc-dm runs on it. ${how}`);
  else await handOver(bun);
}
