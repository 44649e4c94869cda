/** What went wrong. @throws if nothing did. */
export async function failure(run: Promise<unknown> | (() => unknown)): Promise<Error & { code?: string }> {
  let result: unknown;
  try {
    result = await (typeof run === "function" ? run() : run);
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`something else than an error was thrown: ${String(error)}`);
  }
  throw new Error(`it did not fail; it gave ${JSON.stringify(result)}`);
}
