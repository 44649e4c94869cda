import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { DmError } from "../../core/errors.ts";
import { alone } from "../../host/alone.ts";
import { realPath } from "../../host/programs.ts";
import { command, type Terminal } from "../command.ts";
import { envelope } from "../terminal/envelope.ts";

export const demo = command({
  details: `Four channel servers start as a client would start them, and write to each other: a task and its answer, a broadcast, a refusal, mail for one that is closed. No client, no model and no network; your bus is not touched, and nothing is left behind. It takes two seconds.
Exit code: 0 only if every message arrived, once and in order.`,
  operands: "",
  options: {
    json: { type: "boolean", about: "One JSON object instead of the story: how it came out" },
  },
  examples: [
    ["cc-dm demo", "that is all"],
    ["cc-dm demo --json | jq .ok", "for a script: does it work on this machine?"],
  ],
  run(terminal, { options }) {
    return play(terminal, fileFor(terminal.program), options.json === true);
  },
});

/** Beside this program where it was built, else as it stands in the clone. */
function fileFor(program: string): string {
  const folder = dirname(realPath(program));
  const files = [join(folder, "demo.js"), join(folder, "..", "demo", "demo.ts")];
  const found = files.find((file) => existsSync(file));
  if (found === undefined)
    throw new DmError(
      "no_demo",
      `There is no demo.js beside ${program}: this is no whole cc-dm. Install it anew.`,
    );
  return found;
}

/** With this terminal as its own, but for what a script is told. @returns its exit code. */
async function play(terminal: Terminal, file: string, forScript: boolean): Promise<number> {
  const { env, interrupted } = terminal;
  // Servers are started as `bun`, and the Bun that runs this may not be on the PATH.
  const path = [dirname(process.execPath), env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(process.execPath, [...alone(file), file, ...(forScript ? ["--json"] : [])], {
    stdio: ["inherit", forScript ? "pipe" : "inherit", "inherit"],
    env: { ...env, PATH: path },
  });
  let said = "";
  child.stdout?.on("data", (text) => {
    said += String(text);
  });
  void interrupted().then(() => child.kill("SIGTERM")); // a Ctrl-C has reached it already; it ends but once
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (said !== "") terminal.out(envelope(terminal, JSON.parse(said) as object));
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}
