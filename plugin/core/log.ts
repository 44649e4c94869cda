import { iso } from "./clock.ts";
import type { EpochMs } from "./model.ts";

/** One event: a name and fields. Never a message body, never a secret. */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** JSON lines on stderr; stdout is the MCP wire. */
export function stderrLog(now: () => EpochMs): Log {
  return (event, fields = {}) => {
    process.stderr.write(`${JSON.stringify({ at: iso(now()), event, ...fields })}\n`);
  };
}
