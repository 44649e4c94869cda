import { readSync } from "node:fs";
import type { Terminal } from "../command.ts";

/** Asks the person at the keyboard. */
export function agrees({ err }: Pick<Terminal, "err">, question: string): boolean {
  err(`${question} [y/N] `);
  return saysYes();
}

/** Anything but yes, the end of input too, is no. */
export function saysYes(): boolean {
  return /^y(es)?$/i.test(readLine());
}

/**
 * One line from the keyboard; "" at its end. Reads no further than the line and leaves the terminal as it is,
 * so that whatever program gets it next finds every key that was typed for it. Ctrl-C ends us, as it should.
 */
function readLine(): string {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  while (bytes.length < 4096) {
    if (readByte(one) === 0 || one[0] === 0x0a) break;
    bytes.push(one[0] ?? 0);
  }
  return Buffer.from(bytes).toString("utf8").trim();
}

function readByte(into: Buffer): number {
  try {
    return readSync(0, into, 0, 1, null);
  } catch {
    return 0; // the window was closed
  }
}
