import { createInterface } from "node:readline/promises";
import type { Terminal } from "../command.ts";

/** Asks the person at the keyboard; anything but yes, the end of input and Ctrl-C too, is no. */
export async function agrees({ err }: Pick<Terminal, "err">, question: string): Promise<boolean> {
  const input = createInterface({ input: process.stdin });
  try {
    const { promise, resolve } = Promise.withResolvers<string>();
    input.once("line", resolve).once("close", () => resolve(""));
    err(`${question} [y/N] `);
    return /^\s*y(es)?\s*$/i.test(await promise);
  } finally {
    input.close();
  }
}
