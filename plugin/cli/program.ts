import { spawn } from "node:child_process";
import { version } from "../../package.json" with { type: "json" };
import { errandWord } from "../bus/errand.ts";
import { systemClock } from "../core/clock.ts";
import type { Env } from "../core/home.ts";
import { alone } from "../host/alone.ts";
import { readerCheck } from "../host/reader.ts";
import { failedExit, type Terminal } from "./command.ts";
import { main } from "./main.ts";
import { isTerminal, outletOf, stdout } from "./terminal/outlet.ts";
import { takeScreen } from "./terminal/screen.ts";

const usual = 100;
const widest = 120;

/** The program as the entrance runs it: on this process's own terminal. */
export async function program(file: string, words: readonly string[], env: Env): Promise<number> {
  const outlet = outletOf({ ...stdout, failed });
  const screen = isTerminal(1, outlet.stream);
  const terminal: Terminal = {
    env,
    cwd: process.cwd(),
    clock: systemClock,
    version,
    pid: process.pid,
    program: file,
    // Some terminals do not know their size and say 0: script(1), and what CI gives.
    get columns() {
      const own = screen ? outlet.stream().columns : 0;
      return own ? Math.min(widest, own) : (columnsIn(env) ?? usual);
    },
    get rows() {
      return (screen && outlet.stream().rows) || usual;
    },
    // https://no-color.org: any value but an empty one.
    colour: screen && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb",
    get keyboard() {
      return isTerminal(0, () => process.stdin);
    },
    screen,
    interrupted: () =>
      new Promise((resolve) => {
        outlet.stream(); // or a reader that does not read would keep us from hearing the signal
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
      }),
    heard: readerOf(1),
    takeScreen,
    input: readInput,
    again: (words, input) => again(file, words, input),
    written: outlet.written,
    out: outlet.write,
    err: (text) => void process.stderr.write(text),
  };
  if (words[0] !== errandWord) return main(terminal, words);
  const { errand } = await import("./write/errand.ts");
  return errand(terminal);
}

function failed(error: NodeJS.ErrnoException): never {
  // `cc-dm doctor | head` closes our stdout before we are done.
  if (error.code === "EPIPE") process.exit(0);
  // A full disk, as a rule.
  process.stderr.write(`cc-dm: what it found could not be written: ${error.message}\n`);
  process.exit(failedExit);
}

/** What a caller asks for who lays out a pipe's text; a shell does not hand its own on. */
function columnsIn({ COLUMNS = "" }: Env): number | null {
  return /^[1-9]\d{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : null;
}

async function readInput(most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

function again(file: string, words: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...alone(file), file, ...words], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const said: Uint8Array[] = [];
    child.stdout.on("data", (chunk: Uint8Array) => said.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(said).toString());
      else reject(new Error(`the command that asks the session's server ended with ${code}`));
    });
    child.stdin.on("error", () => {}); // it ended first, and tells why
    child.stdin.end(input);
  });
}

/** Made when it is asked first: most commands never do. */
function readerOf(descriptor: number): () => boolean {
  let check: (() => boolean) | null = null;
  return () => {
    check ??= readerCheck(descriptor);
    return check();
  };
}
