import { version } from "../../package.json" with { type: "json" };
import { systemClock } from "../core/clock.ts";
import type { Env } from "../core/home.ts";
import { main } from "./main.ts";
import { takeScreen } from "./terminal/screen.ts";

const usual = 100;
const widest = 120;

/** The program as the entrance runs it: on this process's own terminal. */
export function program(file: string, words: readonly string[], env: Env): Promise<number> {
  const { stdout, stderr } = process;
  // `cc-dm doctor | head` closes our stdout before we are done.
  stdout.on("error", () => process.exit(0));
  return main(
    {
      env,
      cwd: process.cwd(),
      clock: systemClock,
      version,
      pid: process.pid,
      program: file,
      get columns() {
        return Math.min(widest, stdout.columns ?? usual);
      },
      get rows() {
        return stdout.rows ?? usual;
      },
      // https://no-color.org: any value but an empty one.
      colour: stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb",
      keyboard: process.stdin.isTTY === true,
      screen: stdout.isTTY === true,
      interrupted: () =>
        new Promise((resolve) => {
          for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
            process.once(signal, () => resolve());
        }),
      takeScreen,
      out: (text) => void stdout.write(text),
      err: (text) => void stderr.write(text),
    },
    words,
  );
}
