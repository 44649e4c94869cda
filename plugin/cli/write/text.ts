import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { DmError } from "../../core/errors.ts";
import { type Terminal, Usage } from "../command.ts";
import { line } from "../terminal/plain.ts";

// The longest message that can be set: 1,000,000 characters of at most four bytes. Nothing beyond is read.
const most = 4_000_000;

export interface TextGiven {
  readonly words: readonly string[];
  readonly file?: string | undefined;
}

/**
 * A message's text: the words on the command line, a file, or stdin (`-`, or none of the others and stdin
 * is no terminal).
 *
 * @throws Usage if there is none, or more than one; DmError `no_text`, `not_text`, `too_long`.
 */
export async function textOf(terminal: Terminal, { words, file }: TextGiven): Promise<string> {
  if (file !== undefined && words.length > 0) throw new Usage("Give the text or --file, not both.");
  if (file === "-") return fromStdin(terminal);
  if (file !== undefined) return decode(readFile(terminal, file), file);
  const saysStdin = words.length === 1 && words[0] === "-";
  if (words.length > 0 && !saysStdin) return words.join(" ");
  if (terminal.keyboard && !saysStdin)
    throw new Usage("There is no text: write it behind the name, or pipe it in.");
  return fromStdin(terminal);
}

// By then most pipes have been read to their end, and a person begins to wonder.
const silentMs = 1_000;

/** A program that was started with a pipe nobody closes would wait for ever, and not say for what. */
async function fromStdin({ input, clock, keyboard, err }: Terminal): Promise<string> {
  const way = keyboard ? "Ctrl-D ends it" : "it is still open; a text can also stand behind the name";
  const stop = clock.every(silentMs, () => {
    stop();
    err(`cc-dm: waiting for the text on stdin (${way}).\n`);
  });
  try {
    return decode(await input(most + 1), "stdin");
  } finally {
    stop();
  }
}

function decode(bytes: Uint8Array, from: string): string {
  const source = line(from);
  if (bytes.length > most) {
    throw new DmError(
      "too_long",
      `${source} has more than ${most} bytes; no message is that long. Send the path of a file instead.`,
    );
  }
  const text = utf8(bytes);
  if (text === null || text.includes("\0"))
    throw new DmError("not_text", `${source} is no UTF-8 text. Send the path of the file instead.`);
  return text.replace(/\r?\n$/, ""); // what `echo` and editors put behind the last line
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function readFile({ cwd }: Terminal, path: string): Uint8Array {
  try {
    const file = openSync(isAbsolute(path) ? path : join(cwd, path), "r");
    try {
      if (fstatSync(file).isDirectory()) throw new Error("it is a folder");
      const bytes = new Uint8Array(most + 1);
      let length = 0;
      for (let n = -1; n !== 0 && length < bytes.length; length += n)
        n = readSync(file, bytes, length, bytes.length - length, null);
      return bytes.subarray(0, length);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new DmError("no_text", `${line(path)} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
