/** What came in, in order, and a way to wait for what is still to come. */
export interface Queue<T> {
  /** Everything that came, taken or not. */
  readonly all: readonly T[];
  /** The oldest one not taken yet that fits; waits for it if need be. */
  next(fits?: (item: T) => boolean, timeoutMs?: number): Promise<T>;
  add(item: T): void;
}

interface Waiter<T> {
  readonly fits: (item: T) => boolean;
  readonly take: (item: T) => void;
}

/** @param what names an item in the complaint about one that never came. */
export function queue<T>(what: string): Queue<T> {
  const all: T[] = [];
  const fresh: T[] = [];
  const waiters = new Set<Waiter<T>>();
  return {
    all,
    add(item) {
      all.push(item);
      const waiter = [...waiters].find((one) => one.fits(item));
      if (waiter === undefined) fresh.push(item);
      else {
        waiters.delete(waiter);
        waiter.take(item);
      }
    },
    next(fits = () => true, timeoutMs = 8_000) {
      const at = fresh.findIndex(fits);
      if (at >= 0) return Promise.resolve(fresh.splice(at, 1)[0] as T);
      return new Promise((resolve, reject) => {
        const waiter: Waiter<T> = {
          fits,
          take(item) {
            clearTimeout(timer);
            resolve(item);
          },
        };
        const timer = setTimeout(() => {
          waiters.delete(waiter);
          reject(
            new Error(
              `no such ${what} within ${timeoutMs} ms; there came ${JSON.stringify(all).slice(0, 2000)}`,
            ),
          );
        }, timeoutMs);
        waiters.add(waiter);
      });
    },
  };
}
