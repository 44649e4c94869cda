import { iso } from "./clock.ts";
import { isDmError } from "./errors.ts";
import type { EpochMs } from "./model.ts";

/** One event: a name and fields. Never a message body, never a secret. */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** JSON lines on stderr; stdout is the MCP wire. */
export function stderrLog(now: () => EpochMs): Log {
  return (event, fields = {}) => {
    process.stderr.write(`${JSON.stringify({ at: iso(now()), event, ...fields })}\n`);
  };
}

/** For a person, in plain words: the client shows it in its MCP log. */
export function complain(error: unknown): void {
  process.stderr.write(`cc-dm: ${isDmError(error) ? error.message : String(error)}\n`);
}
