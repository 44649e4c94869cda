import type { Clock } from "../core/clock.ts";
import { DmError } from "../core/errors.ts";
import type { Env } from "../core/home.ts";
import type { Screen, ScreenEvents } from "./terminal/screen.ts";

/** Where a command runs: handed in by the entrance, so that a test can be one. */
export interface Terminal {
  readonly env: Env;
  readonly cwd: string;
  readonly clock: Clock;
  /** Of cc-dm. */
  readonly version: string;
  readonly pid: number;
  /** The file that runs, and what its name on the PATH leads to. */
  readonly program: string;
  /** Columns and rows to write in, as they are now. */
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  /** stdin is a terminal. */
  readonly keyboard: boolean;
  /** stdout is a terminal. */
  readonly screen: boolean;
  /** Resolves when the person wants it to end (Ctrl-C), or somebody else does. Until asked for, either ends it at once. */
  readonly interrupted: () => Promise<void>;
  /** Takes all of the terminal for a view of its own. */
  readonly takeScreen: (events: ScreenEvents) => Screen;
  /** All of stdin, or its beginning as soon as there are so many bytes. */
  readonly input: (most: number) => Promise<Uint8Array>;
  /** Runs this very program once more, below this one. @returns what it prints; it fails if that fails. */
  readonly again: (words: readonly string[], input: string) => Promise<string>;
  /** Resolves when what was put out so far has been taken: true; or when nobody will: false. */
  readonly written: () => Promise<boolean>;
  /** Whether anybody still reads stdout: the other end of a pipe may have gone. */
  readonly heard: () => boolean;
  /** A result, on stdout. */
  readonly out: (text: string) => void;
  /** What is no result, on stderr. */
  readonly err: (text: string) => void;
}

export interface Option {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** What stands for the value in the help: `--since TIME`. */
  readonly value?: string;
  readonly about: string;
}

export type Options = Readonly<Record<string, Option>>;
type Chosen<O extends Options> = {
  readonly [K in keyof O]?: O[K]["type"] extends "boolean" ? boolean : string;
};

export interface Given<O extends Options> {
  readonly options: Chosen<O>;
  readonly operands: readonly string[];
}

/** Commands that belong together, under a heading of the help. */
export interface Group {
  readonly title: string;
  readonly commands: readonly Listed[];
}

/** What the table of all commands (commands.ts) knows of one before it is loaded. */
export interface Listed {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** A command with what the table says of it. */
export type Named = Command & Omit<Listed, "load">;

/** @throws DmError `not_whole` where its file is not there: an update may be replacing it. */
export async function loaded({ name, summary, load }: Listed): Promise<Named> {
  const command = await load().catch((cause: unknown) => {
    throw new DmError(
      "not_whole",
      `This is no whole cc-dm: the command ${name} could not be loaded. Run it again; if that does not help, install it anew. (${cause})`,
      { cause },
    );
  });
  return { ...command, name, summary };
}

/** One command, one file. */
export interface Command {
  /** What the help of this command adds to that. */
  readonly details?: string;
  /** As it stands in the usage line: `NAME TEXT...`; "" if it takes none, and is given none then. */
  readonly operands: string;
  /** What somebody may have meant who gives it some all the same. */
  readonly instead?: string;
  readonly options: Options;
  /** Options that are not in the table are another program's: `run` is given all words as operands, and reads them itself. */
  readonly forwards?: boolean;
  /** Command lines, each with what it is for. */
  readonly examples: readonly (readonly [line: string, about: string])[];
  /** @returns the exit code. @throws Usage for wrong operands, where it takes any. */
  readonly run: (terminal: Terminal, given: Given<Options>) => Promise<number>;
}

/** Ties the type of what `run` is given to the options. */
export function command<const O extends Options>(
  parts: Omit<Command, "options" | "run"> & {
    options: O;
    run: (terminal: Terminal, given: Given<O>) => Promise<number>;
  },
): Command {
  return { ...parts, run: (terminal, given) => parts.run(terminal, given as Given<O>) };
}

/** A command line that cannot be understood: the person is told how it goes, and the exit code is 2. */
export class Usage extends Error {
  override readonly name = "Usage";
}

/** It cannot be told in whose name this would be done, or they may not do it: the exit code is 77. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** As in sysexits(3), EX_NOPERM. */
export const refusedExit = 77;

/** As of most programs. (1: what was asked for did not happen.) */
export const usageExit = 2;

/** As of most programs that a Ctrl-C ended. */
export const interruptedExit = 130;

/** It could not be done. */
export const failedExit = 3;
