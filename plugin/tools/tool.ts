import type * as z from "zod";
import type { Source } from "../conversation/outline.ts";
import type { Finding } from "../core/finding.ts";
import type { Condition, EpochMs } from "../core/model.ts";
import type { Desk } from "../policy/desk.ts";
import type { Receiving } from "../policy/receive.ts";

/** What a tool works with. */
export interface Bench {
  readonly desk: Desk;
  readonly receiving: () => Receiving;
  /** Whether mail is pushed as it comes, so that a word about unread mail would be stale at once. */
  readonly pushes: () => boolean;
  /** Until then nothing starts a turn here; null: anything may. */
  readonly quiet: (until: EpochMs | null) => void;
  /** What this session tells the others of itself. */
  readonly condition: () => Condition;
  /** Whether this session's person agreed to what this call does; asked once per call. */
  readonly consent: (call: Consented) => boolean;
  /** Word of a newer version, for the model, once. */
  readonly tidings: () => string | null;
  /** Opens a file of this machine; null: there is none. */
  readonly open: (path: string) => Promise<Openable | null>;
  /** Looks at this session and its machine; only a server can. */
  readonly examine?: Examine;
}

/** What a call is made with that costs a click, as the client passed it: that is what was agreed to. */
export interface Consented {
  readonly tool: string;
  /** Of a message. */
  readonly content: string;
  /** Of `decide`: the request, the verdict, whether it is for good. */
  readonly request: string;
  readonly verdict: string;
  readonly remember: boolean;
  /** Of `transcript`: whose conversation, and what of it; all that it was called with. */
  readonly reading: string;
}

export interface Openable extends Source {
  close(): Promise<void>;
}

export type Examine = () => Promise<readonly Finding[]>;

export interface Outcome {
  readonly result: Readonly<Record<string, unknown>>;
  /** Evidence tokens of mail in the result: seen once the client has read the answer off the wire. */
  readonly shown?: readonly string[];
}

/** One tool, one file: what it is called, what it takes, what it does. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  readonly run: (bench: Bench, args: unknown) => Promise<Outcome>;
}

/** Ties the handler's argument type to the schema; `callTool` has parsed the arguments by then. */
export function tool<S extends z.ZodObject>(parts: {
  name: string;
  description: string;
  schema: S;
  run: (bench: Bench, args: z.output<S>) => Promise<Outcome>;
}): Tool {
  return { ...parts, run: (bench, args) => parts.run(bench, args as z.output<S>) };
}
