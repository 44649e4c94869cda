import { expect, test } from "bun:test";
import { waker } from "../../../plugin/delivery/paths/waker.ts";
import { nextTurn } from "../../fakes/clock.ts";

/** Waits for the next ring. @returns how often it has come so far. */
function listen({ next }: ReturnType<typeof waker>): () => number {
  let looks = 0;
  void (async () => {
    for (;;) {
      await next();
      looks++;
    }
  })();
  return () => looks;
}

test("nobody looks without a ring", async () => {
  const looks = listen(waker());
  await nextTurn();
  expect(looks()).toBe(0);
});

test("a ring makes one look, and one that came before it was waited for as well", async () => {
  const bell = waker();
  bell.wake();
  const looks = listen(bell);
  await nextTurn();
  expect(looks()).toBe(1);
  bell.wake();
  await nextTurn();
  expect(looks()).toBe(2);
  await nextTurn();
  expect(looks()).toBe(2);
});

test("any number of rings while somebody looks make one more look", async () => {
  const bell = waker();
  for (let n = 0; n < 100; n++) bell.wake();
  const looks = listen(bell);
  await nextTurn();
  expect(looks()).toBe(1);
});
