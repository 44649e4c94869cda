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
