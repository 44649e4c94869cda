import { readSync } from "node:fs";

/**
 * One line from the keyboard; "" at its end. Reads no further than the line and leaves the terminal as it is,
 * so that whatever program gets it next finds every key that was typed for it. Ctrl-C ends us, as it should.
 */
export function readLine(): string {
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

export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer);
}
