/** A wakeable wait: any number of rings while somebody looks make one more look. */
export interface Waker {
  wake(): void;
  /** Resolves at the next ring, at once if one came since the last. */
  next(): Promise<void>;
}

export function waker(): Waker {
  let rung = false;
  let resume: (() => void) | null = null;
  return {
    wake() {
      if (resume === null) rung = true;
      else {
        const go = resume;
        resume = null;
        go();
      }
    },
    next() {
      if (rung) {
        rung = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        resume = resolve;
      });
    },
  };
}
