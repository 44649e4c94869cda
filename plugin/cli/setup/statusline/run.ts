import { readFileSync } from "node:fs";
import { lineFor, type Watching } from "./glance.ts";

export interface Running extends Omit<Watching, "input"> {
  /** The words after the program's own: `--before FILE`. */
  readonly words: readonly string[];
  readonly out: (text: string) => unknown;
}

/**
 * Prints the line for the client whose JSON comes on stdin, below what the person's own status line
 * says if `cc-dm install` found one. It says nothing rather than something wrong, and never fails.
 */
export async function statusline({ words, out, ...watching }: Running): Promise<void> {
  const input = await Bun.stdin.text().catch(() => "");
  const command = before(words);
  const theirs = command === null ? null : said(command, input, watching.env);
  const ours = lineFor({ ...watching, input }); // while theirs runs
  await out(together((await theirs) ?? "", ours));
}

/** What the person's status line was: kept beside the bus, because settings have room for one command only. */
function before(words: readonly string[]): string | null {
  const file = words[words.indexOf("--before") + 1];
  if (!words.includes("--before") || file === undefined) return null;
  try {
    const { command } = JSON.parse(readFileSync(file, "utf8")) as { command?: unknown };
    return typeof command === "string" ? command : null;
  } catch {
    return null;
  }
}

/** As the client would have run it: by a shell, with the same stdin, silent if it fails. */
async function said(command: string, input: string, env: Watching["env"]): Promise<string> {
  try {
    const run = Bun.spawn(["sh", "-c", command], {
      env: { ...env },
      stdin: Buffer.from(input),
      stdout: "pipe",
      stderr: "inherit",
    });
    const end = () => run.kill();
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, end);
    const text = await run.stdout.text();
    return (await run.exited) === 0 ? text : "";
  } catch {
    return "";
  }
}

export function together(theirs: string, ours: string): string {
  if (ours === "") return theirs;
  const first = theirs.replace(/\s+$/, "");
  if (first === "") return `${ours}\n`;
  // A colour of theirs that goes on must not go on in ours.
  return `${first}${first.includes("\u001b[") ? "\u001b[0m" : ""} ${ours}\n`;
}
