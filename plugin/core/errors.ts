/** What a caller can act on. `message` says what was found and the way out. */
export class DmError extends Error {
  override readonly name = "DmError";
  readonly code: string;
  readonly candidates: readonly string[] | undefined;

  constructor(code: string, message: string, more: { cause?: unknown; candidates?: readonly string[] } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.candidates = more.candidates;
  }
}

export function isDmError(error: unknown): error is DmError {
  return error instanceof DmError;
}

/** The way out of `bus_newer` as a session's model reads it. Who runs a command has another, and is told that. */
export const restartSession =
  "Restart this session (/exit, then claude --continue); if that does not help, update the plugin first: claude plugin update cc-dm@cc-dm-marketplace.";
