/** Runs what it is given one after another, in the order asked for; a failure holds nobody up. */
export type Turns = <T>(run: () => Promise<T> | T) => Promise<T>;

export function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const turn = last.then(run);
    last = turn.catch(() => {});
    return turn;
  };
}

/** Runs something that must not overlap itself: a call while it runs does nothing. */
export function single(run: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let busy = false;
  return () => {
    if (busy) return;
    busy = true;
    run()
      .catch(failed)
      .finally(() => {
        busy = false;
      });
  };
}
