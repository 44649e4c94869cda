import type { Terminal } from "../../plugin/cli/command.ts";
import { fakeClock } from "../fakes/clock.ts";

/** A terminal that keeps what is written. */
export function fakeTerminal(more: Partial<Terminal> = {}) {
  const written = { out: "", err: "" };
  const terminal: Terminal = {
    env: {},
    cwd: "/",
    clock: fakeClock(),
    version: "0.1.0",
    pid: process.pid,
    program: "/nowhere/cli.js",
    columns: 80,
    rows: 24,
    colour: false,
    keyboard: false,
    screen: false,
    interrupted: () => new Promise(() => {}),
    takeScreen: () => {
      throw new Error("this terminal has no screen");
    },
    input: () => Promise.resolve(new Uint8Array()),
    again: () => Promise.reject(new Error("nothing is started here")),
    written: () => Promise.resolve(true),
    heard: () => true,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    ...more,
  };
  return { terminal, written };
}
