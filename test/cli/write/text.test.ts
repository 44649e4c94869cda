import { expect, test } from "bun:test";
import { textOf } from "../../../plugin/cli/write/text.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { fakeTerminal } from "../fake.ts";

function waiting(keyboard: boolean) {
  const clock = fakeClock();
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const { terminal, written } = fakeTerminal({ clock, keyboard, input: () => promise });
  return { clock, terminal, written, end: (text: string) => resolve(new TextEncoder().encode(text)) };
}

test.each([
  [
    "a pipe that stays open",
    false,
    [],
    undefined,
    "(it is still open; a text can also stand behind the name)",
  ],
  ["a keyboard", true, ["-"], undefined, "(Ctrl-D ends it)"],
  ["a keyboard, as a file", true, [], "-", "(Ctrl-D ends it)"],
] as const)("a text that is waited for on %s is asked for, once", async (_, keyboard, words, file, way) => {
  const { clock, terminal, written, end } = waiting(keyboard);
  const text = textOf(terminal, { words, file });
  await clock.pass(999);
  expect(written.err).toBe("");
  await clock.pass(60_000);
  expect(written).toEqual({ out: "", err: `cc-dm: waiting for the text on stdin ${way}.\n` });
  end("here\n");
  expect(await text).toBe("here");
});

test("a text that comes at once, or on the command line, is not", async () => {
  const { clock, terminal, written, end } = waiting(false);
  const text = textOf(terminal, { words: [] });
  end("a");
  expect(await text).toBe("a");
  expect(await textOf(terminal, { words: ["b", "c"] })).toBe("b c");
  await clock.pass(60_000);
  expect(written.err).toBe("");
});
